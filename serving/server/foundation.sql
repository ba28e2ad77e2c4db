-- Who is asking, and who stands below whom. The functions run with their owner's rights and ask for the login itself
-- (session_user), which no statement of a reader changes; a closed login is nobody.
create schema if not exists access;

create table if not exists access.principals (
    login text primary key,
    role text not null,
    employee_id text,
    valid_from date not null,
    valid_to date
);

create table if not exists access.publication (
    publication_id text not null,
    policy_sha256 text not null,
    published_at timestamptz not null default now()
);

-- switched with the marts: who may read them may change with them
create schema if not exists reporting;

create table if not exists reporting.lines (
    manager_id text not null,
    employee_id text not null,
    period text not null
);

create or replace function access.is_open() returns boolean
language sql stable security definer set search_path = '' as $$
    select exists (
        select from access.principals as p
        where p.login = session_user and current_date between p.valid_from and coalesce(p.valid_to, 'infinity'::date)
    )
$$;

create or replace function access.me() returns text
language sql stable security definer set search_path = '' as $$
    select p.employee_id from access.principals as p
    where p.login = session_user and current_date between p.valid_from and coalesce(p.valid_to, 'infinity'::date)
$$;

create or replace function access.team() returns table (employee_id text, period text)
language sql stable security definer set search_path = '' as $$
    select lines.employee_id, lines.period from reporting.lines as lines
    where lines.manager_id = access.me()
$$;

-- oneself and everybody who is below in any period
create or replace function access.people() returns text[]
language sql stable security definer set search_path = '' as $$
    select array(
        select access.me()
        union
        select lines.employee_id from reporting.lines as lines where lines.manager_id = access.me()
    )
$$;

revoke all on schema access, reporting from public;
revoke all on all functions in schema access from public;
