"""The street lights, signs, bollards and grids of the highways asset register."""

from stockport.feeds.tables import Column, Table, Type

TABLES = (
    Table(
        file="assets.csv",
        model="street_reports.Asset",
        key=("kind", "central_asset_id"),
        columns=(
            Column("kind", required=True),
            Column("central_asset_id", required=True),
            Column("site_code"),
            Column("feature_id"),
            Column("street", required=True),
            Column("postcode"),
            Column("location_description"),
            Column("easting", Type.INTEGER, required=True),
            Column("northing", Type.INTEGER, required=True),
            Column("latitude", Type.DECIMAL, required=True),
            Column("longitude", Type.DECIMAL, required=True),
            Column("raise_new_job", Type.INTEGER, required=True),
            Column("ext_system_ref"),
            Column("logged_date", Type.DATE),
            Column("job_entry_date", Type.DATE),
            Column("programme_date", Type.DATE),
            Column("last_cleaned", Type.DATE),
            Column("next_clean", Type.DATE),
            Column("owner"),
        ),
    ),
)
