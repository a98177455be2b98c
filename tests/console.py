"""Commands as a user gives them: their exit status, and what they print."""

from minialex.cli import main


def run(capsys, *arguments):
    """Run one command, and return its exit status, standard output and standard error."""
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


def refused(capsys, status, message, *arguments):
    """Check that a command fails with this status and one line, which names the command and contains `message`."""
    got, _, err = run(capsys, *arguments)
    last = err.replace("\r", "\n").strip().splitlines()[-1]
    assert got == status, err
    assert message in last
    assert last.startswith("minialex")
    assert "Traceback" not in err
    return err
