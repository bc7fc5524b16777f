"""Tables as the engine takes them: one matrix of numbers, and the codes of each column of text."""

import numpy as np


class Encoded:
    """The head of a table and the buffers behind it."""

    def __init__(self, rows, columns, matrix, codes):
        self.rows, self.columns, self.matrix, self.codes = rows, columns, matrix, codes
        self.target = None
        self.target_cells = None

    def set_target(self, name, values, levels=None):
        """Add the target: numbers, or codes of levels."""
        self.target = {"name": name}
        if levels is not None:
            self.target["levels"] = levels
        self.target_cells = np.ascontiguousarray(values, "<f8" if levels is None else "<i4")

    def head(self):
        matrix = self.matrix
        order = "C" if matrix.flags.c_contiguous else "F"
        head = {"rows": self.rows, "columns": self.columns, "dtype": "float32" if matrix.dtype.itemsize == 4 else "float64", "order": order}
        if self.target is not None:
            head["target"] = self.target
        return head

    def parts(self):
        flat = self.matrix.ravel(order="K")
        parts = [flat] + self.codes
        if self.target_cells is not None:
            parts.append(self.target_cells)
        return parts


def of_matrix(x, names):
    """A table of a numeric matrix (rows, columns)."""
    x = np.asarray(x)
    if x.ndim != 2 or x.dtype.kind not in "biuf":
        raise ValueError("a matrix of numbers is needed, this is %s of %s" % (x.shape, x.dtype))
    if x.dtype.newbyteorder("<") not in (np.dtype("<f4"), np.dtype("<f8")) or not x.dtype.isnative:
        x = x.astype("<f8")
    if not (x.flags.c_contiguous or x.flags.f_contiguous):
        x = np.ascontiguousarray(x)
    if x.shape[1] != len(names):
        raise ValueError("the matrix has %d columns, %d are expected: %s" % (x.shape[1], len(names), ", ".join(names[:12])))
    return Encoded(x.shape[0], [{"name": n} for n in names], x, [])


def of_columns(columns):
    """A table of (name, values) pairs."""
    heads, numbers, codes, rows = [], [], [], None
    for name, values in columns:
        cells, levels, category = column(name, values)
        if rows is None:
            rows = len(cells)
        if len(cells) != rows:
            raise ValueError("column %r has %d rows, the first has %d" % (name, len(cells), rows))
        head = {"name": str(name)}
        if levels is None:
            numbers.append(cells)
        else:
            head["levels"] = levels
            head["category"] = category
            codes.append(cells)
        heads.append(head)
    if rows is None:
        raise ValueError("the table has no columns")
    matrix = np.empty((rows, len(numbers)), "<f8", order="F")
    for i, cells in enumerate(numbers):
        matrix[:, i] = cells
    return Encoded(rows, heads, matrix, codes)


def is_frame(x):
    """Whether x is a DataFrame (pandas, polars, …): named columns that can be picked out."""
    return hasattr(x, "columns") and hasattr(x, "__getitem__") and not isinstance(x, np.ndarray)


def pairs(x, only=None):
    """The columns of a DataFrame or a dict as (name, values), those of only where it is given."""
    if is_frame(x):
        names = list(x.columns)
        pick = (lambda i, n: x.iloc[:, i]) if hasattr(x, "iloc") else (lambda i, n: x[n])
    elif isinstance(x, dict):
        names = list(x)
        pick = lambda i, n: x[n]  # noqa: E731
    else:
        raise TypeError("a DataFrame, a dict of columns or a numeric matrix is needed, this is a " + type(x).__name__)
    return [(n, pick(i, n)) for i, n in enumerate(names) if only is None or str(n) in only]


def numeric(values):
    """Whether a column is of numbers (or truth values) for good."""
    dtype = getattr(values, "dtype", None)
    kind = getattr(dtype, "kind", None)
    return kind is not None and kind in "biuf" and not hasattr(values, "cat")


def column(name, values):
    """The cells of a column: (float64 array, None, False), or (int32 codes, levels, whether it is a category by its type)."""
    dtype = getattr(values, "dtype", None)
    if hasattr(dtype, "categories") and hasattr(values, "cat"):
        levels = [text(c) for c in values.cat.categories]
        return np.ascontiguousarray(values.cat.codes, "<i4"), levels, True
    if numeric(values):
        if isinstance(dtype, np.dtype):
            return np.asarray(values, "<f8"), None, False
        return np.asarray(values.to_numpy(dtype="float64", na_value=np.nan), "<f8"), None, False
    kind = getattr(dtype, "kind", None)
    if kind is None:
        values = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
        if values.dtype.kind in "biuf":
            return np.asarray(values, "<f8"), None, False
        kind = values.dtype.kind
    if kind == "M":
        values = np.datetime_as_string(np.asarray(values, "datetime64[s]"))
        values = np.where(values == "NaT", None, values.astype(object))
    elif kind in "cmV":
        raise TypeError("column %r is of %s: turn it into numbers or text" % (name, dtype))
    return coded(np.asarray(values, object)) + (False,)


def coded(values):
    """Texts as codes of the levels in order of appearance; None, NaN and NA are -1."""
    codes, known = np.empty(len(values), "<i4"), {}
    for i, v in enumerate(values.tolist()):
        if v is None or type(v).__name__ in ("NAType", "NaTType") or v != v:
            codes[i] = -1
            continue
        codes[i] = known.setdefault(text(v), len(known))
    return codes, list(known)


def text(v):
    """A cell as a CSV file would hold it."""
    if isinstance(v, np.generic):
        v = v.item()
    if isinstance(v, str):
        return str(v)
    if isinstance(v, bytes):
        return v.decode()
    if isinstance(v, float):
        return str(int(v)) if v.is_integer() and abs(v) < 2**53 else repr(v)
    if isinstance(v, (list, tuple, dict, set)):
        raise TypeError("a cell: argument must be a string or a real number, not %r" % type(v).__name__)
    return str(v)
