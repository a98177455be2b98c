"""The update rule, the loss and the schedule of a run, from its settings."""

from inspect import signature

from minialex.checks import choose, expected
from minialex.layers import SoftmaxCrossEntropy
from minialex.sequential import Sequential
from minialex.training.adam import Adam
from minialex.training.config import RunConfig
from minialex.training.muon import Muon
from minialex.training.named_averages import average_named
from minialex.training.named_schedules import schedule_named
from minialex.training.per_layer import factors
from minialex.training.schedule import Fixed, Plateau
from minialex.training.sgd import SGD
from minialex.training.step_schedules import ByStep


def check_rules(config: RunConfig) -> None:
    """Check that optimizer, loss and schedule are known, and that the settings go together.

    Errors: ValueError, naming the setting.
    """
    choose({"sgd": SGD, "adam": Adam, "muon": Muon}, config.optimizer, "optimizer")
    of_sgd = {"momentum": config.momentum is not None, "nesterov": config.nesterov}
    for name in (name for name, is_given in of_sgd.items() if is_given and config.optimizer == "adam"):
        raise expected(name, "the optimizer sgd, which has it", "adam", f"leave out --{name} or --optimizer")
    if config.nesterov and momentum_of(config) == 0:
        raise expected("nesterov", "a momentum > 0", 0, "leave out --nesterov, or raise --momentum")
    if config.schedule and config.divide_after:
        raise expected("schedule", "one schedule", f"{config.schedule} and --divide-after", "leave out one of them")
    schedule_of(config)
    loss_of(config)
    average_named(config.average)
    if config.width is not None and "width" not in signature(config.recipe.build).parameters:
        raise expected("width", "a model that has a width", config.model, "leave it out, or choose cifar_airbench")


def check_split(config: RunConfig) -> None:
    """Check that what the ranks share can be shared: the units of a layer are not all of its gradient.

    Errors: ValueError, naming the setting.
    """
    parts = config.devices == "ranks" and config.split == "hybrid"
    if config.split != "data" and config.devices != "ranks":
        raise expected("split", "--devices ranks", config.devices, "leave out --split, or add --devices ranks")
    if parts and config.optimizer == "muon":
        raise expected("optimizer", "sgd or adam with --split hybrid", "muon", "it needs whole matrices; split data")
    if parts and config.weights is not None:
        raise expected(
            "weights", "none with --split hybrid", config.weights, "use --split data, then --resume with hybrid"
        )
    if config.clip is not None and (parts or config.devices.startswith("rank:")):
        what = "none where a rank has a part of the gradients"
        raise expected("clip", what, config.clip, "leave it out, or --devices ranks --split data")


def momentum_of(config: RunConfig) -> float:
    """Return the momentum: that of the settings, else that of the recipe."""
    return config.recipe.momentum if config.momentum is None else config.momentum


def sgd_of(config: RunConfig, net: Sequential) -> SGD:
    """Return the update rule; another learning rate than the recipe's keeps the recipe's ratio for the biases.

    Adam has one rate for weights and biases, and no decay unless the settings have one. Muon's rate is that of
    matrices; the others keep the recipe's rates.
    """
    r, lr, lr_factors = config.recipe, config.lr, factors(config.lr_factor)
    if config.optimizer == "adam":
        return Adam(net, lr, weight_decay=config.weight_decay or 0.0, lr_factors=lr_factors, clip=config.clip)
    decay = r.weight_decay if config.weight_decay is None else config.weight_decay
    if config.optimizer == "muon":
        return Muon(
            net, lr, momentum_of(config), decay, r.bias_lr, r.bias_decay, others_lr=r.lr, unit_kernels=r.unit_kernels,
            divide_bias_lr=r.divide_bias_lr, lr_factors=lr_factors, nesterov=config.nesterov, clip=config.clip,
        )  # fmt: skip
    return SGD(
        net, lr, momentum_of(config), decay, r.bias_lr * lr / r.lr, r.bias_decay, divide_bias_lr=r.divide_bias_lr,
        lr_factors=lr_factors, nesterov=config.nesterov, clip=config.clip,
    )  # fmt: skip


def loss_of(config: RunConfig) -> SoftmaxCrossEntropy:
    """Return the loss that training minimizes."""
    return SoftmaxCrossEntropy(config.smoothing)


def schedule_of(config: RunConfig) -> Fixed | Plateau | ByStep:
    """Return the schedule: that of the settings, else that of the recipe, else the paper's plateau."""
    for source in (config, config.recipe):
        if source.schedule is not None:
            return schedule_named(source.schedule)
        if source.divide_after:
            return Fixed(tuple(source.divide_after))
    return Plateau()


def rule_text(config: RunConfig) -> str:
    """Return as text what differs from the paper's update rule; nothing where nothing does."""
    texts = {"adam": ["Adam"], "muon": ["Muon"]}.get(config.optimizer, [])
    if config.nesterov:
        texts.append("Nesterov's momentum")
    if config.clip is not None:
        texts.append(f"gradients clipped at a norm of {config.clip:g}")
    if config.smoothing:
        texts.append(f"labels smoothed by {config.smoothing:g}")
    if (schedule := config.schedule or config.recipe.schedule) and not config.divide_after:
        texts.append(f"schedule {schedule}")
    if config.average != "none":
        texts.append(f"weights averaged, {config.average}")
    return ", ".join(texts)
