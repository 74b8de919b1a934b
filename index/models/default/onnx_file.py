"""ONNX's file format as far as a graph of ours needs it: protocol buffers with the fields that ``onnx.toml`` lists.

The package that the format is named after does much more and weighs 30 MB, which nobody who only asks needs. The tests
have it, and let it check what is written here.
"""

from __future__ import annotations

import tomllib
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessages
from numpy.typing import NDArray

Record = dict[str, object]
"""A message as plain data: its fields by name, a message in it as a record."""
_SPACE = "wence.onnx"
_FILE = "onnx.toml"
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE = 1, 2


class Kind(IntEnum):
    """Of a tensor's elements."""

    FLOAT = 1
    UINT8 = 2
    INT8 = 3
    INT32 = 6
    INT64 = 7
    UINT4 = 21


_KINDS = {"float32": Kind.FLOAT, "uint8": Kind.UINT8, "int8": Kind.INT8, "int32": Kind.INT32, "int64": Kind.INT64}


def encode(model: Record) -> bytes:
    """Return a model as the bytes of its file; ValueError names a field that ``onnx.toml`` lacks."""
    content: bytes = _classes()[f"{_SPACE}.Model"](**model).SerializeToString()
    return content


def node(operator: str, inputs: list[str], outputs: list[str], domain: str, **attributes: float) -> Record:
    """Return a node of the graph."""
    said = [_attribute(name, value) for name, value in attributes.items()]
    return {"op_type": operator, "input": inputs, "output": outputs, "domain": domain, "attribute": said}


def _attribute(name: str, value: float) -> Record:
    if isinstance(value, float):
        return {"name": name, "f": value, "type": _FLOAT_ATTRIBUTE}
    return {"name": name, "i": int(value), "type": _INT_ATTRIBUTE}


def tensor(name: str, values: NDArray[np.generic]) -> Record:
    """Return a constant; KeyError for a type that no graph of ours has."""
    kind = _KINDS[values.dtype.name]
    raw = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
    return {"name": name, "dims": list(values.shape), "data_type": kind, "raw_data": raw}


def value(name: str, kind: Kind, shape: list[str | int]) -> Record:
    """Return an input or output of the graph; a dimension is its size, or a name where it may be any."""
    sizes = [{"dim_param": one} if isinstance(one, str) else {"dim_value": one} for one in shape]
    return {"name": name, "type": {"tensor_type": {"elem_type": kind, "shape": {"dim": sizes}}}}


@cache
def _classes() -> dict[str, Any]:
    """Return the class of each message, made from the list of its fields."""
    listed = tomllib.loads(resources.files("index.models.default").joinpath(_FILE).read_text(encoding="utf-8"))
    file = FileDescriptorProto(name=_FILE, package=_SPACE, syntax="proto2")
    for message, fields in listed.items():
        described = file.message_type.add(name=message)
        for name, (number, kind) in fields.items():
            described.field.append(_field(name, number, kind))
    classes: dict[str, Any] = GetMessages([file], DescriptorPool())
    return classes


def _field(name: str, number: int, kind: str) -> FieldDescriptorProto:
    single = kind.removesuffix("[]")
    label = FieldDescriptorProto.LABEL_OPTIONAL if single == kind else FieldDescriptorProto.LABEL_REPEATED
    field = FieldDescriptorProto(name=name, number=number, label=label)
    if single[0].isupper():
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".{_SPACE}.{single}"
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{single.upper()}")
    return field
