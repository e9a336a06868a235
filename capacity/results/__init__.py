"""The result of a run and its folder: frames, labels, notes, identity."""

from capacity.base.faces import face

__getattr__, __dir__, __all__ = face(
    __name__,
    """
    assumptions: DEFAULT QUALITIES worst_quality
    atomic: CHARTS RUN atomic_dir read_manifest replace_file
    build: build_result district_labels labels_of run_labels
    disk: CHANGED files_in is_free sha256_of_file write_bytes
    drawn: VARIABLES Drawn
    draft: MANIFEST left_over workshop
    exchange: IAMC variable
    folder: Chart Copy Kept Options claim csv_of json_rows keep
    frames: results_frame statement
    identity: NUMBERS district_identity sha256_of
    labels: ALL BANDS Cell Labels LevelLabel RegionLabel TIE column constrained first_greatest
        has_draws named worst_year years_of
    lock: FolderInUseError FolderTakenError
    readback: TABLES
    result: Result
    runs: as_json is_run load_run run_folder
    units: described unit_of
    """,
)
