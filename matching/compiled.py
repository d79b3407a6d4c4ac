"""How is a function made machine code?  Without the interpreter's lock, and kept on disk between processes.

Machine code holds that of the functions it calls, but numba looks for changes in a function's own file only.
So what is kept is marked with the sources of all modules that use this one, and made anew after a change in
any.  Where no folder may be written, or numba keeps code in some other way, it is made anew in every process.
No fast arithmetic on floats: the same arrays give the same bytes on every machine.
"""

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

Code = TypeVar("Code", bound=Callable[..., object])
wide = cast(
    Callable[[Any], int], np.int64
)  # as most numbers are; a function is compiled anew for each other kind


def _sources() -> str:
    package = files(__package__)
    texts = [
        each.read_bytes()
        for folder in (package, package / "kernel")
        if folder.is_dir()
        for each in folder.iterdir()
        if each.name.endswith(".py")
    ]
    return sha256(b"\0".join(sorted(text for text in texts if __name__.encode() in text))).hexdigest()


SOURCES = _sources()


def compiled(function: Code) -> Code:
    return _kept(function)


def bare(function: Code) -> Code:
    """As `compiled`, for what makes no arrays: nobody counts who uses those given, which takes longer than a pair."""
    return _kept(function, _nrt=False)


def _kept(function: Code, **options: bool) -> Code:
    try:
        kept: Any = numba.njit(nogil=True, cache=True, **options)(function)
        file = kept._cache._cache_file
        assert file._source_stamp
        file._source_stamp = SOURCES
    except (RuntimeError, AttributeError, AssertionError):  # RuntimeError: nowhere to write
        kept = numba.njit(nogil=True, **options)(function)
    return cast(Code, kept)


def inlined(function: Code) -> Code:
    """For a few lines: they are put in the place of each call, not compiled for each kind of numbers given."""
    return cast(Code, numba.njit(inline="always")(function))


@intrinsic  # type: ignore[untyped-decorator]
def _soon(typing: Any, array: Any, at: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lanes = make_array(array)(context, builder, args[0])
        spot = cgutils.get_item_pointer(context, builder, array, lanes, [args[1]], wraparound=False)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(ask, [builder.bitcast(spot, cgutils.voidptr_t), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


# Asks memory for `array[at]` ahead of its use, wherever that is: with a large pool, waiting is half the time.
soon = cast(Callable[[Any, Any], None], _soon)


@intrinsic  # type: ignore[untyped-decorator]
def _ones(typing: Any, word: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


# How many bits of a word are set.
ones = cast(Callable[[Any], Any], _ones)
