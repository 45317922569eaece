"""What could stand instead of an expression, by a small mistake."""

import ast
from collections.abc import Iterator

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Sub: ast.BitOr,  # of sets and of whole numbers alike
    ast.BitXor: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Mult: ast.Add,
}
FUNCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min"}
METHODS = {"union": "intersection", "intersection": "union", "difference": "union"}


def instead_of(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """Yield what could stand instead of an expression, which its parent has."""
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            yield from _both(node)
        case ast.BinOp() if type(node.op) in OPERATED:
            yield ast.BinOp(node.left, OPERATED[type(node.op)](), node.right)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Constant():
            yield from _constant(node.value)
        case ast.Call():
            yield from _called(node)
        case _:
            yield from _without_one(node, parent)


def _compared(node: ast.Compare) -> Iterator[ast.AST]:
    for index, op in enumerate(node.ops):
        for other in COMPARED[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators)


def _both(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for rest in _each_left_out(node.values):
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constant(value: object) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))


def _called(node: ast.Call) -> Iterator[ast.AST]:
    match node.func:
        case ast.Name(id=name) if name in FUNCTIONS:
            yield ast.Call(ast.Name(FUNCTIONS[name], ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=of, attr=name) if name in METHODS:
            yield ast.Call(ast.Attribute(of, METHODS[name], ast.Load()), node.args, node.keywords)


def _without_one(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """Yield a collection without one of its elements, and a loop without one of its conditions."""
    match node:
        case ast.comprehension():
            for rest in _each_left_out(node.ifs):
                yield ast.comprehension(node.target, node.iter, rest, node.is_async)
        case ast.Set():
            yield from (_set(rest) for rest in _each_left_out(node.elts))
        case ast.List(ctx=ast.Load()):
            yield from (ast.List(rest, ast.Load()) for rest in _each_left_out(node.elts))
        case ast.Tuple() if isinstance(parent, ast.comprehension | ast.For) and parent.iter is node:
            yield from (ast.Tuple(rest, ast.Load()) for rest in _each_left_out(node.elts))
        case ast.Dict():
            for left in _each_left_out([*zip(node.keys, node.values, strict=True)]):
                yield ast.Dict([key for key, _ in left], [value for _, value in left])


def _set(elements: list[ast.expr]) -> ast.expr:
    return ast.Set(elements) if elements else ast.Call(ast.Name("set", ast.Load()), [], [])


def _each_left_out[Element](elements: list[Element]) -> list[list[Element]]:
    return [elements[:index] + elements[index + 1 :] for index in range(len(elements))]
