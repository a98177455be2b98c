"""The frame of all experiments: what is computed is kept, every net has its own rate, differences are paired.

settings.py    what `minialex reproduce` sets: data, images, epochs, seeds, folder
results.py     results.json: an experiment that was stopped continues where it was
net.py         the net of the class, of which experiments change one part
entry.py       one row of a comparison: a net and its training
rates.py       the search for each net's own rate
compare.py     rates, trainings with several seeds, table, picture
tables.py      means, standard errors, paired differences, Markdown
"""
