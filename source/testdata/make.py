# How visits.sav, visits.zsav, plain.sav and visits.parquet were made: pyreadstat 1.x, pandas and pyarrow from PyPI.
import datetime as dt, sys
import pandas as pd, pyreadstat, pyarrow as pa, pyarrow.parquet as pq

day = [dt.date(2019, 1, 1), dt.date(1945, 8, 15), None, dt.date(2024, 2, 29)]
moment = [dt.datetime(2019, 1, 1, 9, 30), dt.datetime(1950, 6, 25, 4, 0), None, dt.datetime(2024, 2, 29, 23, 59, 59)]
frame = pd.DataFrame({
    "환자번호": ["0001", "0002", "똠양꿍", ""],
    "a_rather_long_variable_name": [1.5, -3.0, None, 1e10],
    "sex": [1.0, 2.0, 9.0, 1.0],
    "crp": [0.1, 999.0, 998.0, 12.0],
    "visit": day, "seen": moment,
    "note": ["가" * 200 + "끝", "짧은 글", "", "x" * 600],
})
options = dict(
    column_labels={"sex": "성별", "crp": "C-반응단백"},
    variable_value_labels={"sex": {1: "남", 2: "여", 9: "모름"}},
    missing_ranges={"sex": [9], "crp": [{"lo": 990, "hi": 999}]},
    variable_format={"visit": "DATE11", "seen": "DATETIME20"},
)
pyreadstat.write_sav(frame, "visits.sav", row_compress=True, **options)
pyreadstat.write_sav(frame, "plain.sav", row_compress=False, **options)
pyreadstat.write_sav(frame, "visits.zsav", compress=True, **options)
table = pa.table({
    "환자번호": ["0001", None, "똠양꿍"],
    "나이": pa.array([65, -1, None], pa.int32()),
    "crp": pa.array([0.1, 1e10, None]),
    "사망": [True, False, None],
    "내원일": pa.array([dt.date(2019, 1, 1), dt.date(1945, 8, 15), None]),
    "시각": pa.array([dt.datetime(2019, 1, 1, 9, 30), dt.datetime(1950, 6, 25), None], pa.timestamp("us")),
    "금액": pa.array([__import__("decimal").Decimal("12.30"), __import__("decimal").Decimal("-0.05"), None], pa.decimal128(9, 2)),
    "수": pa.array([2**32 - 1, 0, None], pa.uint32()),
})
pq.write_table(table, "visits.parquet", compression=sys.argv[1] if len(sys.argv) > 1 else "snappy")
