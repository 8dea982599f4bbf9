"""Everything about starting Spark: which Java, which Delta jars, which settings.

`spark_session` is the one way to a session; `default_places` says where its parts are looked for and kept.
`jobs` ends what runs.
"""

from lifetide.session.places import Places, default_places
from lifetide.session.spark import spark_session

__all__ = ["Places", "default_places", "spark_session"]
