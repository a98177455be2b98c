"""The examples at the end of each command's --help."""

EXAMPLES = {
    "train": """
  minialex train                                      the drawn shapes, under a minute
  minialex train --model cifar_80sec --data cifar10 --epochs 14 --divide-after 12
  minialex train --model cifar_fast --data cifar10    two epochs: one-cycle rate, Nesterov, batch normalization
  minialex train --model cifar_airbench --width 16 --epochs 5 --data cifar10          further ingredients, of 2024
  minialex train --data FOLDER --out runs/mine        FOLDER/train/<class>/*.jpg and FOLDER/val/<class>/*.jpg
  minialex train --model alexnet --data PREPARED      a folder that minialex data prepare has made
  minialex train --augment crop reflection --image-size 64 --data FOLDER
  minialex train --weights runs/mine --freeze conv1,conv2 --data OTHER        fine-tuning, docs/fine-tuning.md
  minialex train --init he --standardize --data fashion-mnist      He's initial weights, docs/data.md
  minialex train --optimizer adam --schedule warm-up:100,one-cycle --clip 1 --smoothing 0.1
  minialex train --resume --out runs/mine --epochs 20
  minialex train --quiet                              the result alone; errors of each epoch are in metrics.csv""",
    "evaluate": """
  minialex evaluate runs/mine
  minialex evaluate runs/mine --views 10              the paper's; 2 and 6 are for images no larger than the net's input
  minialex evaluate runs/mine --data FOLDER --json
  minialex evaluate runs/one runs/two runs/three      the mean of their softmax outputs, Table 2 of the paper""",
    "predict": """
  minialex predict runs/mine cat.jpg dog.png --top 3
  minialex predict alexnet.safetensors cat.jpg --labels imagenet.txt --out cat.png""",
    "models": """
  minialex models
  minialex models --json""",
    "summary": """
  minialex summary alexnet
  minialex summary alexnet --devices ranks:8 --batch 1024         what 8 processes send, docs/scale.md
  minialex summary cifar_80sec --batch 128 --json""",
    "gradcheck": """
  minialex gradcheck                 every layer, in its usual setting
  minialex gradcheck LRN --all       one layer, in all settings
  minialex gradcheck my_layer.py     your own; the file has example(rng), which returns (layer, x)
  minialex gradcheck my_conv.py --like Conv2D    beside ours, forward and backward""",
    "new-layer": """
  minialex new-layer MyLayer         writes my_layer.py, for minialex gradcheck""",
    "grade": """
  minialex grade relu.py                         the visible checks, with hints; docs/assignments.md
  minialex grade submissions/*.py --hidden --seed 7 --json
  minialex grade smith.py --assignment conv --checks my_checks.py""",
    "bench": """
  minialex bench                                          the paper's net, batch 128; takes minutes
  minialex bench cifar_80sec --json
  minialex bench alexnet --batch 1 --inference
  minialex bench alexnet --loading FOLDER                 each stage from the photograph to the step""",
    "reproduce": """
  minialex reproduce pooling                                        a table and a picture; docs/experiments
  minialex reproduce pooling --data shapes --limit 200 --epochs 2 --seeds 1      to try it out
  minialex reproduce two-groups --out runs/groups --seeds 5         continues with further seeds""",
    "data": """
  minialex data get cifar10
  minialex data get fashion-mnist
  minialex data info FOLDER
  minialex data prepare FOLDER --out PREPARED
  minialex data subset FOLDER --classes cat,dog --per-class 100 --out DIR
  minialex data unpack FOLDER --out DIR               the archives of ILSVRC-2012""",
    "data get": """
  minialex data get cifar10           170 MB, kept in the cache, or in $MINIALEX_DATA
  minialex data get fashion-mnist     31 MB; mnist: 12 MB""",
    "data info": """
  minialex data info shapes
  minialex data info FOLDER""",
    "data prepare": """
  minialex data prepare FOLDER --out PREPARED
  minialex data prepare FOLDER --out PREPARED --size 73       for crops of 64 pixels""",
    "data subset": """
  minialex data subset FOLDER --classes cat,dog --per-class 100 --out DIR
  minialex data subset FOLDER --classes tabby,husky --labels imagenet.txt --out DIR""",
    "data unpack": """
  minialex data unpack FOLDER --out DIR
  minialex data unpack FOLDER --classes n02123045,n02110185 --out DIR""",
}
