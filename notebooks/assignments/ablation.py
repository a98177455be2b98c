"""The worksheet of ablation.md: put a number, or a computation, for each None. Check: minialex grade ablation.py"""

# Validation errors in percent of five seeds: `minialex reproduce norm` on 1,000 images of CIFAR-10, 40 epochs.
without = [56.94, 57.08, 54.50, 55.74, 58.12]  # no response normalization
with_lrn = [54.38, 55.60, 54.98, 55.24, 56.32]  # response normalization with the paper's numbers, the same five seeds

# 1. The pilot experiment
mean_difference = None  # with - without, in percentage points: the mean over the five seeds
deviation = None  # the sample standard deviation of the five differences
standard_error = None  # of mean_difference
unpaired_standard_error = None  # if the two nets had not shared their seeds
standard_errors = None  # by how many standard errors the mean difference is away from 0
shown = None  # "yes" or "no": is it, at 5 %, no accident of the seeds? (five seeds: 2.776 standard errors)

# 2. The plan
seeds_for_two_errors = None  # so that 1.4 points, the paper's difference, would be two standard errors
seeds_for_80_percent = None  # so that 1.4 points would be shown in 80 % of all such experiments
seeds_for_half_a_point = None  # so that 0.5 points would be shown in 80 % of them
seeds_affordable = None  # in 30 CPU minutes: a training takes 29 s without normalization, 37 s with it
smallest_difference = None  # in points, that so many seeds would show in 80 % of all experiments

# 3. Many comparisons
false_alarm = None  # the chance that, of five parts that all do nothing, at least one is two standard errors apart
