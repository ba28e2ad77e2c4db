"""SQL that several suites share: rows in force, plausible moments, money and formats.

Does not belong here: business thresholds (they are plan configuration). The bounds below only distinguish a typing
error from a fact.
"""

from expectations.model import Check, CheckMaker, warning
from expectations.suites.entities import Entity

# Bounds of 2026-11, those the import promises to quarantine at: far above any single deal in any currency, and
# outside any business date. A row beyond them means that the landing went wrong.
ABSURD_AMOUNT = "1000000000000"
EARLIEST = "timestamp '1900-01-01'"
LATEST = "timestamp '2200-01-01'"

COMPLETED = "(select load_id from raw_files.loads)"
NOT_A_CURRENCY = "not regexp_matches(t.currency, '^[A-Z][A-Z][A-Z]$')"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def in_force(entity: Entity, alias: str = "t") -> str:
    """Condition: the row's delivery is complete, it is no tombstone and no later delivery replaced it."""
    same_key = " and ".join(f"later.{column} = {alias}.{column}" for column in entity.key)
    return (
        f"{alias}._load_id in {COMPLETED} and not coalesce({alias}._is_deleted, false) and not exists ("
        f"select 1 from {entity.table} as later where {same_key} "
        f"and later._load_seq > {alias}._load_seq and later._load_id in {COMPLETED})"
    )


def current(make: CheckMaker, entity: Entity, key: str, meaning: str, condition: str, *columns: str) -> Check:
    """No row in force may satisfy the condition (alias `t`)."""
    return make.where(key, meaning, f"({condition}) and {in_force(entity)}", *columns)


def plausible(make: CheckMaker, entity: Entity, column: str) -> Check:
    """The moment lies between the years 1900 and 2199."""
    condition = f"t.{column} < {EARLIEST} or t.{column} >= {LATEST}"
    meaning = f"{column} lies between the years 1900 and 2199."
    return current(make, entity, f"{column}_is_plausible", meaning, condition, column)


def not_after_as_of(entity: Entity, column: str) -> Check:
    """The moment is not later than one day after the last landing.

    A warning: what is dated ahead may be a plan or a slip of the pen; it counts when its time has come.
    """
    meaning = f"{column} is not later than one day after the landing."
    condition = f"t.{column} > @as_of + interval 1 day"
    return current(warning, entity, f"{column}_is_not_in_the_future", meaning, condition, column)


def known_value(make: CheckMaker, entity: Entity, column: str, *values: str) -> Check:
    """The column of a row in force, where filled, is one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    meaning = f"{column} is one of {', '.join(values)}."
    condition = f"nullif(t.{column}, '') not in ({listed})"
    return current(make, entity, f"{column}_is_known", meaning, condition, column)


def delivered_has_rows(make: CheckMaker, entity: Entity) -> Check:
    """When a file of this kind was delivered, at least one row of it is there."""
    sql = (
        "select f.load_id, f.file, f.rows_in, f.rows_quarantined from raw_files.load_files as f "
        f"where f.entity = '{entity.name}' and f.load_id in {COMPLETED} "
        f"and not exists (select 1 from @rows as t where t._load_id in {COMPLETED})"
    )
    meaning = f"A delivery with {entity.name} brought at least one usable row."
    return make.rows("delivered_file_has_rows", meaning, sql)


def volume_against_history(entity: Entity) -> Check:
    """The latest delivery of files has at least half the rows of the one before; a system sends what has changed."""
    sql = f"""
        with deliveries as (
            select f.load_id, l.load_seq, sum(f.rows_in) as rows_in,
                row_number() over (order by l.load_seq desc) as age
            from raw_files.load_files as f
            inner join raw_files.loads as l on f.load_id = l.load_id
            where f.entity = '{entity.name}' and coalesce(l.source, 'files') = 'files'
            group by f.load_id, l.load_seq
        )
        select latest.load_id, latest.rows_in, earlier.rows_in as rows_in_before, held.rows_held
        from deliveries as latest
        inner join deliveries as earlier on earlier.age = 2
        cross join (select count(*) as rows_held from @rows as t) as held
        where latest.age = 1 and latest.rows_in * 2 < earlier.rows_in
    """
    meaning = f"The latest delivery of {entity.name} has at least half the rows of the one before."
    return warning.rows("volume_is_like_the_last_delivery", meaning, sql)


def exists_in(entity: Entity, column: str, other: Entity) -> Check:
    """The referenced record was delivered at some time (a warning: the rows that depend on it are held)."""
    condition = (
        f"nullif(t.{column}, '') is not null and t.{column} not in "
        f"(select o.{other.key[0]} from {other.table} as o where o._load_id in {COMPLETED})"
    )
    meaning = f"{column} names a record of {other.name} that was delivered."
    return current(warning, entity, f"{column}_was_delivered", meaning, condition, column)


def bad_phone(column: str) -> str:
    """Condition: filled, but not a phone number by its characters and number of digits."""
    digits = f"length(regexp_replace({column}, '[^0-9]', '', 'g'))"
    return (
        f"nullif({column}, '') is not null and (not regexp_matches({column}, '^[+]?[0-9 ()./-]+$') "
        f"or {digits} < 5 or {digits} > 15)"
    )


def bad_email(column: str) -> str:
    """Condition: filled, but not of the form name@domain.tld."""
    pattern = "^[^@ ]+@[^@ ]+[.][^@ .]+$"
    return f"nullif({column}, '') is not null and not regexp_matches({column}, '{pattern}')"


def bad_credit_code(column: str) -> str:
    """Condition: filled, but not a unified social credit code with a right check digit (GB 32100-2015)."""

    def position(index: int) -> str:
        return f"(instr('{_CODE_ALPHABET}', substr({column}, {index}, 1)) - 1)"

    total = " + ".join(f"{weight} * {position(i)}" for i, weight in enumerate(_CODE_WEIGHTS, start=1))
    return (
        f"nullif({column}, '') is not null and (length({column}) <> 18 "
        f"or not regexp_matches({column}, '^[{_CODE_ALPHABET}]+$') "
        f"or (31 - ({total}) % 31) % 31 <> {position(18)})"
    )
