"""Files of students are no modules of the tests."""

collect_ignore = ["mistakes"]
