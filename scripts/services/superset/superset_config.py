"""Superset's settings; its own program reads this file (`SUPERSET_CONFIG_PATH`).

Belongs here: where its database and its secret lie. Does not belong here: starting it (`server.py`).
"""

import os
from pathlib import Path

DATA_DIR = os.environ["SUPERSET_HOME"]
SECRET_KEY = (Path(DATA_DIR) / "secret_key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{DATA_DIR}/superset.db?check_same_thread=false"
# served on 127.0.0.1 without TLS
SESSION_COOKIE_SAMESITE = "Strict"
