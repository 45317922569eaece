"""Metrics: counts in CloudWatch's embedded format, which a function writes to its log and nobody waits for."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE = "Roster"


def count(name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count, **dimensions: str) -> None:
    """Add to a metric. Dimensions are few and stable words: never an id, an address or a name."""
    with single_metric(name=name, unit=unit, value=value, namespace=NAMESPACE) as metric:
        for dimension, word in dimensions.items():
            metric.add_dimension(dimension, word)
