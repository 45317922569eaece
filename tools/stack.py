"""What a deployed stack says of itself."""

import boto3


def names_of(stack: str) -> dict[str, str]:
    """Return a stack's outputs and parameters, by name."""
    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {one["OutputKey"]: str(one["OutputValue"]) for one in found.get("Outputs", [])}
    return outputs | {one["ParameterKey"]: str(one["ParameterValue"]) for one in found.get("Parameters", [])}
