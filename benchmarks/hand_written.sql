-- The benchmark company's payouts as one script by hand, in DuckDB's own dialect, as fast as its author could make it.
--
-- Belongs here: raw_files.* to hand.payouts, and on the way the marts that stand between them: identity, lead validity,
-- deal sources, transfers, seven attribution models, credits, measures, points, process bonus, growth, tasks,
-- contribution, lines, provenance. The numbers of benchmarks/plans/*.yml are literals.
-- Does not belong here: what those plans do not use (README.md lists it). `guards` stops on what the script cannot pay.
--
-- Conventions: m is the month's number (1 = 2025-01, 24 = 2026-12); plan M is bench_marketing_sales, A is
-- bench_sales_assistants; money is decimal or whole fen; business dates are UTC+8, as Asia/Shanghai has been since 1991.

drop schema if exists hand cascade;
create schema hand;

create or replace temp macro business_date(t) as cast(t + interval 8 hours as date);
create or replace temp macro month_no(d) as cast(12 * year(d) + month(d) - 24300 as smallint);
create or replace temp macro period_of(m) as strftime(date '2025-01-01' + to_months(cast(m as integer) - 1), '%Y-%m');
-- n / d of whole numbers, rounded half away from zero; d > 0
create or replace temp macro round_div(n, d) as sign(n) * ((2 * abs(n) + d) // (2 * d));
create or replace temp macro mobile(phone) as nullif(regexp_extract(phone, '^(?:\+?86|0086)?(1[3-9]\d{9})$', 1), '');
create or replace temp macro plan_of(department) as
    case when department in ('marketing', 'sales') then 'M' when department = 'sales_assistant' then 'A' end;

-- The latest version of each record over completed loads. Only loads after the first can supersede anything, and as the
-- variables are constants to the planner, one load costs no look-up at all. `same` says when n is another version of v.
set variable completed = (select list(load_seq) from raw_files.loads);
set variable first_load = (select min(load_seq) from raw_files.loads);
create or replace temp macro latest(entity, same) as table
from query(
    'select v.* from raw_files.' || entity || ' as v
    where list_contains(getvariable(''completed''), v._load_seq)
        and not coalesce(v._is_deleted, false)
        and not exists (
            select 1 from raw_files.' || entity || ' as n
            where n._load_seq > getvariable(''first_load'')
                and list_contains(getvariable(''completed''), n._load_seq)
                and n._load_seq > v._load_seq
                and ' || same || '
        )'
);

-- What the script does not pay must not be there.
create temp table guards as
select case when count(*) > 0 then error('the script by hand cannot pay this company: ' || min(what)) end as stop
from (
    select 'foreign currency' as what from raw_files.deals where currency <> 'CNY'
    union all select 'foreign currency' from raw_files.transactions where currency <> 'CNY'
    union all select 'explicit collaboration' from raw_files.deal_splits where pool <> 'closing'
    union all select 'resolutions' from raw_files.resolutions
    union all select 'adjustments' from raw_files.adjustments
    union all select 'targets' from raw_files.targets
    union all select 'persons' from raw_files.customers where lower(customer_type) = 'individual'
);

create temp table months as
select
    cast(m as smallint) as m,
    period_of(m) as period,
    cast(date '2025-01-01' + to_months(cast(m as integer) - 1) as date) as starts_on,
    cast(date '2025-01-01' + to_months(cast(m as integer)) as date) as next_on,
    cast(next_on - starts_on as integer) as days
from range(1, 25) as r(m);

---------------------------------------------------------------------------------------------------------------- people

create temp table staff as from latest('employees', 'n.employee_id = v.employee_id');

create temp table mails as
select lower(trim(email)) as email, min(employee_id) as employee_id
from staff where email <> '' group by all having count(*) = 1;

create temp table who as
select identifier, employee_id
from (
    select employee_id as identifier, employee_id, 1 as precedence from staff
    union all
    select u.source_user_id, coalesce(e.employee_id, x.employee_id), 2
    from (from latest('source_users', 'n.source = v.source and n.source_user_id = v.source_user_id') where source = 'files') as u
    left join staff as e on u.employee_id = e.employee_id
    left join mails as x on lower(trim(u.employee_id)) = x.email
    where coalesce(e.employee_id, x.employee_id) is not null
)
qualify row_number() over (partition by identifier order by precedence, employee_id) = 1;

-- ids as written that are neither: by e-mail, else UNRESOLVED; so that `who` knows every id and one join resolves it
insert into who
select u.id, coalesce(x.employee_id, 'UNRESOLVED')
from (
    select owner_employee_id as id from raw_files.customers anti join who on owner_employee_id = identifier
    union select owner_employee_id from raw_files.leads anti join who on owner_employee_id = identifier
    union select owner_employee_id from raw_files.deals anti join who on owner_employee_id = identifier
    union select employee_id from raw_files.deal_splits as s anti join who on s.employee_id = identifier
    union select employee_id from raw_files.activities as a anti join who on a.employee_id = identifier
    union select from_employee_id from raw_files.ownership_changes anti join who on from_employee_id = identifier
    union select to_employee_id from raw_files.ownership_changes anti join who on to_employee_id = identifier
    union select employee_id from raw_files.employee_assignments as a anti join who on a.employee_id = identifier
) as u
left join mails as x on lower(trim(u.id)) = x.email
where u.id <> '';

-- [valid_from, valid_to) is employed; [valid_from, role_to) says whose plan a leaver's late money falls under
create temp table roles as
with dated as (
    select
        w.employee_id, a.department, a.team_id, a.bonus_base, a.valid_from,
        least(
            coalesce(a.valid_to, date '9999-12-31'),
            coalesce(lead(a.valid_from) over (partition by w.employee_id order by a.valid_from), date '9999-12-31')
        ) as valid_to
    from latest('employee_assignments', 'n.employee_id = v.employee_id and n.valid_from = v.valid_from') as a
    join who as w on a.employee_id = w.identifier
    union all
    select employee_id, department, team_id, bonus_base, coalesce(hire_date, date '1900-01-01'), date '9999-12-31'
    from staff
    anti join (select w.employee_id from raw_files.employee_assignments as a join who as w on a.employee_id = w.identifier) using (employee_id)
),

clipped as (
    select d.* replace (least(d.valid_to, coalesce(s.termination_date + 1, d.valid_to)) as valid_to), s.termination_date
    from dated as d join staff as s using (employee_id)
)

select
    *,
    plan_of(department) as plan,
    case
        when termination_date is not null and row_number() over (partition by employee_id order by valid_from desc) = 1
            then date '9999-12-31'
        else valid_to
    end as role_to
from clipped
where valid_from < valid_to
union all
select 'UNRESOLVED', null, null, null, date '1900-01-01', date '1900-01-01', null, 'M', date '9999-12-31';

create temp table role_months as
select
    r.employee_id, m.m, r.department, r.team_id, r.plan, r.bonus_base, m.days as month_days,
    greatest(r.valid_from, m.starts_on) as in_role_from,
    cast(least(r.valid_to, m.next_on) - greatest(r.valid_from, m.starts_on) as integer) as days
from roles as r
join months as m on r.valid_from < m.next_on and r.valid_to > m.starts_on;

create temp table whole_months as
select employee_id, m from role_months group by all having sum(days) = max(month_days);

-------------------------------------------------------------------------------------------------------------- identity

create temp table lead_records as
select
    l.lead_id,
    coalesce(nullif(l.customer_id, ''), 'lead:' || l.lead_id) as node,
    w.employee_id as owner_employee_id,
    l.created_at,
    business_date(l.created_at) as created_date,
    coalesce(nullif(trim(l.channel), ''), '(none)') as channel,
    mobile(l.phone) as mobile,
    l.company_name,
    l.customer_type,
    coalesce(l.phone, '') = '' and coalesce(l.email, '') = '' and coalesce(l.wecom_id, '') = '' as is_contact_missing,
    coalesce(regexp_full_match(trim(l.email), '[^@ ]+@[^@ ]+[.][^@ ]+'), false)
    or coalesce(regexp_full_match(trim(l.wecom_id), '[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}'), false) as has_other_contact,
    l.review_status,
    l.reviewed_at
from latest('leads', 'n.lead_id = v.lead_id') as l
left join who as w on l.owner_employee_id = w.identifier;

-- Records of one customer: a lead's link, and equal phone, credit code or company name. What two nodes share is rare,
-- so keys are counted first and only the repeated ones are looked at.
create temp table identity_keys as
select customer_id as node, 'p' || mobile(phone) as key from latest('customers', 'n.customer_id = v.customer_id') where mobile(phone) is not null
union all
select node, 'p' || mobile from lead_records where mobile is not null
union all
select customer_id, 'c' || regexp_replace(upper(unified_credit_code), '[^0-9A-Z]', '', 'g')
from latest('customers', 'n.customer_id = v.customer_id') where unified_credit_code <> ''
union all
select node, 'n' || replace(regexp_replace(
    regexp_replace(regexp_replace(lower(name), '[.''’]', '', 'g'), '[^\p{L}\p{N}\p{M}]+', ' ', 'g'),
    '( (ab|ag|bv|co|coltd|company|corp|corporation|gmbh|inc|incorporated|kg|limited|llc|llp|ltd|nv|oy|plc|pte|pty|sa|sarl|spa|srl))+ ?$|(股份有限公司|有限责任公司|有限公司|股份公司|责任公司|集团公司|集团|公司)+$',
    ''
), ' ', '')
from (
    select customer_id as node, name from latest('customers', 'n.customer_id = v.customer_id') where name <> ''
    union all
    select node, company_name from lead_records where company_name <> ''
);

create temp table merged_nodes as
with recursive shared as (
    select distinct k.node, k.key
    from identity_keys as k
    semi join (select key from identity_keys group by all having count(*) > 1) using (key)
),

edges as (
    select distinct a.node, b.node as other from shared as a join shared as b using (key) where a.node <> b.node
),

reached(node, other) as (
    from edges
    union
    select r.node, e.other from reached as r join edges as e on r.other = e.node
)

select
    node,
    coalesce(least(min(other) filter (not starts_with(other, 'lead:')), case when not starts_with(node, 'lead:') then node end),
        least(min(other), node)) as customer_key
from reached
group by node;

drop table identity_keys;

create table hand.customers as
select 'customers' as source, c.customer_id as record_id, coalesce(k.customer_key, c.customer_id) as customer_key
from latest('customers', 'n.customer_id = v.customer_id') as c
left join merged_nodes as k on c.customer_id = k.node
union all
select 'leads', l.lead_id, coalesce(k.customer_key, l.node)
from lead_records as l
left join merged_nodes as k using (node);

create temp table customers as
select
    c.customer_id,
    coalesce(k.customer_key, c.customer_id) as customer_key,
    nullif(trim(c.customer_type), '') as customer_type,
    w.employee_id as owner_employee_id,
    c.referred_by_customer_id,
    c.created_at
from latest('customers', 'n.customer_id = v.customer_id') as c
left join merged_nodes as k on c.customer_id = k.node
left join who as w on c.owner_employee_id = w.identifier;

create temp table customer_types as
select
    customer_key,
    coalesce(arg_min(customer_type, record_id) filter (is_customer), arg_min(customer_type, record_id)) as customer_type
from (
    select customer_key, customer_type, customer_id as record_id, true as is_customer from customers where customer_type is not null
    union all
    select coalesce(k.customer_key, l.node), trim(l.customer_type), l.lead_id, false
    from lead_records as l left join merged_nodes as k using (node)
    where trim(l.customer_type) <> ''
)
group by all;

create temp table changes as
select
    h.change_id,
    coalesce(k.customer_key, h.customer_id) as customer_key,
    f.employee_id as from_employee_id,
    t.employee_id as to_employee_id,
    h.changed_at,
    business_date(h.changed_at) as changed_date,
    coalesce(trim(h.reason), '') <> '' as has_reason
from latest('ownership_changes', 'n.change_id = v.change_id') as h
left join merged_nodes as k on h.customer_id = k.node
left join who as f on h.from_employee_id = f.identifier
left join who as t on h.to_employee_id = t.identifier;

create temp table ownership as
with changed as (
    select
        *,
        row_number() over w as no,
        lead(changed_at) over w as next_at
    from changes
    window w as (partition by customer_key order by changed_at, change_id)
)

select customer_key, from_employee_id as employee_id, timestamp '1900-01-01' as valid_from, changed_at as valid_to
from changed where no = 1 and from_employee_id is not null
union all
select customer_key, to_employee_id, changed_at, coalesce(next_at, timestamp '9999-12-31') from changed
union all
select customer_key, arg_min(owner_employee_id, customer_id), timestamp '1900-01-01', timestamp '9999-12-31'
from customers
anti join changes using (customer_key)
where owner_employee_id is not null
group by customer_key;

----------------------------------------------------------------------------------------------------------------- deals

create temp table transactions as
select transaction_id, deal_id, kind, abs(amount) as amount, business_date(occurred_at) as occurred_date
from latest('transactions', 'n.transaction_id = v.transaction_id')
where kind in ('refund', 'cancellation') and amount <> 0;

create temp table deals as
select
    d.deal_id,
    coalesce(k.customer_key, d.customer_id) as customer_key,
    d.customer_id,
    w.employee_id as owner_employee_id,
    d.amount,
    coalesce(d.units, 0) as units,
    d.signed_at,
    business_date(d.signed_at) as signed_date,
    month_no(business_date(d.signed_at)) as m,
    d.status = 'signed' as is_signed,
    d.status = 'signed' or x.deal_id is not null as is_creditable,
    coalesce(replace(replace(lower(trim(d.claimed_source)), '-', '_'), ' ', '_') = 'self_sourced', false) as claims_self_sourced,
    d.referrer_customer_id,
    coalesce(count_if(d.status = 'signed') over (
        partition by coalesce(k.customer_key, d.customer_id) order by d.signed_at, d.deal_id
        rows between unbounded preceding and 1 preceding
    ), 0) > 0 as is_repurchase
from latest('deals', 'n.deal_id = v.deal_id') as d
left join merged_nodes as k on d.customer_id = k.node
left join who as w on d.owner_employee_id = w.identifier
left join (select distinct deal_id from transactions where kind = 'cancellation') as x using (deal_id);

----------------------------------------------------------------------------------------------------------------- leads

create table hand.lead_validity as
with visits as (
    select lead_id, min(occurred_at) as visited_at
    from (
        select lead_id, occurred_at from latest('journey_events', 'n.event_id = v.event_id') where stage = 'visited' and lead_id is not null
        union all
        select l.lead_id, e.occurred_at
        from latest('journey_events', 'n.event_id = v.event_id') as e
        left join merged_nodes as k on e.customer_id = k.node
        join lead_records as l on l.node = coalesce(k.customer_key, e.customer_id) and l.created_at <= e.occurred_at
        where e.stage = 'visited' and e.lead_id is null
    )
    group by all
),

first_deals as (
    select customer_key, min(signed_at) as first_signed_at from deals where is_signed group by all
),

judged as (
    select
        l.*,
        coalesce(k.customer_key, l.node) as customer_key,
        v.visited_at,
        r.department = 'marketing' or l.owner_employee_id = 'UNRESOLVED' as is_origination,
        nullif(concat_ws(
            ';',
            case when l.is_contact_missing then 'missing_contact' end,
            case when not l.is_contact_missing and l.mobile is null and not l.has_other_contact then 'bad_contact' end,
            case
                when l.created_date - lag(l.created_date) over (
                    partition by coalesce(k.customer_key, l.node) order by l.created_at, l.lead_id
                ) <= 90 then 'duplicate'
            end,
            case when d.first_signed_at < l.created_at then 'existing_customer' end,
            case when l.review_status = 'rejected' then 'rejected' end
        ), '') as reasons
    from lead_records as l
    left join merged_nodes as k using (node)
    left join visits as v using (lead_id)
    left join first_deals as d on d.customer_key = coalesce(k.customer_key, l.node)
    left join roles as r
        on l.owner_employee_id = r.employee_id and l.created_date >= r.valid_from and l.created_date < r.role_to
    where l.created_date between date '2025-01-01' and date '2026-12-31'
)

select
    lead_id,
    customer_key,
    owner_employee_id,
    created_at,
    created_date,
    month_no(created_date) as m,
    channel,
    reasons is null as is_valid,
    split_part(reasons, ';', 1) as reason,
    reasons,
    case
        when reasons is null
            then greatest(created_at, coalesce(case when review_status = 'accepted' then reviewed_at end, created_at))
    end as became_valid_at,
    business_date(visited_at) as visited_date,
    coalesce(is_origination, false) as is_origination
from judged;

drop table lead_records;

-- one touch per owner and business day
create temp table touch_leads as
select lead_id, customer_key, owner_employee_id, created_at, created_date, m, channel
from hand.lead_validity
where is_origination and (is_valid or reasons = 'duplicate')
qualify row_number() over (partition by customer_key, owner_employee_id, created_date order by created_at, lead_id) = 1;

---------------------------------------------------------------------------------------------------------- deal sources

create table hand.deal_sources as
with matched as (
    select
        d.*,
        p.created_date >= d.signed_date - 180 as has_protected_lead,
        o.created_date >= d.signed_date - 365 as has_recent_lead
    from (select deal_id, customer_key, signed_at, signed_date from deals where not is_repurchase) as d
    asof left join (
        select customer_key, created_at, created_date from hand.lead_validity where is_origination and is_valid
    ) as p on d.customer_key = p.customer_key and d.signed_at >= p.created_at
    asof left join (
        select customer_key, created_at, created_date from hand.lead_validity where is_origination
    ) as o on d.customer_key = o.customer_key and d.signed_at >= o.created_at
),

sourced as (
    select
        d.*,
        case
            when f.customer_key <> d.customer_key then f.customer_key
            when b.customer_key <> d.customer_key then b.customer_key
        end as referrer_customer_key,
        case
            when d.is_repurchase then 'repurchase'
            when m.has_protected_lead then 'marketing'
            when referrer_customer_key is not null then 'referral'
            else 'self_sourced'
        end as source,
        coalesce(m.has_recent_lead, false) as has_recent_lead
    from deals as d
    left join matched as m using (deal_id)
    left join customers as c on d.customer_id = c.customer_id
    left join customers as f on d.referrer_customer_id = f.customer_id
    left join customers as b on c.referred_by_customer_id = b.customer_id
),

others as (
    select distinct s.deal_id
    from sourced as s
    join ownership as o
        on s.customer_key = o.customer_key
        and s.owner_employee_id <> o.employee_id
        and o.valid_from < s.signed_at
        and o.valid_to >= s.signed_date - 365 - interval 8 hours
    where s.source = 'self_sourced' and not s.has_recent_lead
)

select
    s.* exclude (has_recent_lead, is_repurchase, claims_self_sourced),
    s.claims_self_sourced and s.source = 'marketing' as is_relabelled,
    s.source = 'self_sourced' and (s.has_recent_lead or o.deal_id is not null) as is_internal_circulation,
    case when is_internal_circulation then 'marketing' else s.source end as paid_as_source
from sourced as s
left join others as o using (deal_id);

drop table deals;

----------------------------------------------------------------------------------------------------------- attribution

create temp table touches as
select
    d.deal_id,
    d.customer_key,
    d.m,
    d.signed_at,
    t.lead_id,
    t.owner_employee_id as employee_id,
    t.channel,
    t.created_at,
    d.signed_date - t.created_date as age,
    row_number() over w as touch_no,
    count(*) over (partition by d.deal_id) as touch_count
from hand.deal_sources as d
join touch_leads as t
    on d.customer_key = t.customer_key and t.created_at <= d.signed_at and t.created_date >= d.signed_date - 180
where d.source = 'marketing' and d.is_creditable
window w as (partition by d.deal_id order by t.created_at, t.lead_id);

-- The data-driven models learn from paths in the 12 months before each month p. The path of a customer in that window is
-- its touches up to the next deal after the first of them. So a touch is in the path of a range of months p: those whose
-- window holds it, but not the last touch before the previous deal. Counting at the ends of ranges and adding up over p
-- spares making the paths.
create temp table path_touches as
with dealt as (
    select t.*, d.signed_at as next_deal_at, coalesce(d.m, 99) as next_deal_m
    from touch_leads as t
    asof left join (select customer_key, signed_at, m from hand.deal_sources where is_signed) as d
        on t.customer_key = d.customer_key and t.created_at <= d.signed_at
),

neighbours as (
    select
        *,
        lag(m) over w as previous_m,
        lag(next_deal_at) over w is distinct from next_deal_at or lag(m) over w is null as starts_path,
        case when lead(next_deal_at) over w is not distinct from next_deal_at then lead(m) over w end as next_m,
        lead(channel) over w as next_channel
    from dealt
    window w as (partition by customer_key order by created_at, lead_id)
)

select
    n.customer_key,
    coalesce(c.customer_type, '') as customer_type,
    n.channel,
    n.next_channel,
    n.next_m,
    n.next_deal_m,
    1 + greatest(n.m, coalesce(n.previous_m + 12, 0)) as first_p,
    1 + greatest(n.m, max(case when n.starts_path then coalesce(n.previous_m + 12, 0) end) over (
        partition by n.customer_key order by n.created_at, n.lead_id rows between unbounded preceding and current row
    )) as from_p,
    least(n.m + 12, 24) as to_p
from neighbours as n
left join customer_types as c using (customer_key);

create temp table chain as
with ranges as (
    select customer_type, '(start)' as from_state, channel as to_state, first_p as from_p, to_p from path_touches
    union all
    select customer_type, channel, next_channel, greatest(from_p, next_m + 1), to_p from path_touches where next_m is not null
    union all
    select customer_type, channel, '(null)', from_p, least(to_p, coalesce(next_m, next_deal_m)) from path_touches
    union all
    select customer_type, channel, '(conversion)', greatest(from_p, next_deal_m + 1), to_p from path_touches where next_m is null
),

ends as (
    select customer_type, from_state, to_state, from_p as p, count(*) as n from ranges where from_p <= to_p group by all
    union all
    select customer_type, from_state, to_state, to_p + 1, -count(*) from ranges where from_p <= to_p group by all
),

counted as (
    select e.customer_type, e.from_state, e.to_state, p.m as p, sum(e.n) as n
    from ends as e
    join months as p on e.p <= p.m
    group by all
    having sum(e.n) > 0
)

select *, cast(n as double) / sum(n) over (partition by p, customer_type, from_state) as probability from counted;

create table hand.attribution_weights as
with recursive steps as (
    select p, customer_type, from_state, to_state, probability from chain where to_state not in ('(conversion)', '(null)')
),

-- where a visitor from the start, and one from each channel, is after i steps
walk(i, p, customer_type, origin, state, mass) as (
    select 0, p, customer_type, from_state, to_state, probability from steps where from_state = '(start)'
    union all
    (select distinct 0, p, customer_type, from_state, from_state, 1.0::double from chain where from_state <> '(start)')
    union all
    select w.i + 1, w.p, w.customer_type, w.origin, s.to_state, sum(w.mass * s.probability)
    from walk as w
    join steps as s on w.p = s.p and w.customer_type = s.customer_type and w.state = s.from_state
    where w.i < 60
    group by all
),

visits as (
    select p, customer_type, origin, state, sum(mass) as visits from walk group by all
),

conversions as (
    select v.p, v.customer_type, v.origin, sum(v.visits * c.probability) as probability
    from visits as v
    join chain as c
        on v.p = c.p and v.customer_type = c.customer_type and v.state = c.from_state and c.to_state = '(conversion)'
    group by all
),

effects as (
    select f.p, f.customer_type, f.state as channel, f.visits / own.visits * coalesce(c.probability, 0) as effect
    from visits as f
    join visits as own on f.p = own.p and f.customer_type = own.customer_type and own.origin = f.state and own.state = f.state
    left join conversions as c on f.p = c.p and f.customer_type = c.customer_type and c.origin = f.state
    where f.origin = '(start)'
),

path_channels as (
    select distinct customer_key, customer_type, channel, unnest(range(greatest(from_p, next_deal_m + 1), to_p + 1)) as p
    from path_touches
    where greatest(from_p, next_deal_m + 1) <= to_p
),

shapley as (
    select p, customer_type, channel, sum(1.0 / channels) as effect
    from (select *, count(*) over (partition by p, customer_key) as channels from path_channels)
    group by all
)

select 'markov' as model, p, customer_type, channel,
    cast(round(effect / sum(effect) over (partition by p, customer_type), 12) as decimal(18, 12)) as weight
from effects
qualify sum(effect) over (partition by p, customer_type) > 0
union all
select 'shapley', p, customer_type, channel,
    cast(round(effect / sum(effect) over (partition by p, customer_type), 12) as decimal(18, 12))
from shapley;

drop table path_touches;

create table hand.attribution as
with weighted as (
    select
        t.deal_id,
        t.employee_id,
        count(*) as touches,
        sum(case when t.touch_no = 1 then 1 else 0 end) as "first",
        sum(case when t.touch_no = t.touch_count then 1 else 0 end) as "last",
        count(*) as linear,
        sum(case
            when t.touch_count = 2 then 1
            when t.touch_no in (1, t.touch_count) then 4 * (t.touch_count - 2)
            else 2
        end) as position,
        cast(sum(round(power(2, -t.age / 7.0), 12)::decimal(18, 12)) * 1000000000000::hugeint as hugeint) as time_decay,
        cast(coalesce(sum(k.weight), 0) * 1000000000000::hugeint as hugeint) as markov,
        cast(coalesce(sum(s.weight), 0) * 1000000000000::hugeint as hugeint) as shapley
    from touches as t
    left join customer_types as c using (customer_key)
    left join hand.attribution_weights as k
        on k.model = 'markov' and t.m = k.p and t.channel = k.channel and coalesce(c.customer_type, '') = k.customer_type
    left join hand.attribution_weights as s
        on s.model = 'shapley' and t.m = s.p and t.channel = s.channel and coalesce(c.customer_type, '') = s.customer_type
    where t.touch_count > 1
    group by all
),

totals as (
    select
        deal_id, employee_id, model,
        case when sum(weight) over w = 0 then touches else weight end as weight,
        sum(case when weight_total = 0 then touches else weight end) over w as total
    from (
        select deal_id, employee_id, touches, model, cast(weight as hugeint) as weight,
            sum(cast(weight as hugeint)) over (partition by deal_id, model) as weight_total
        from (unpivot weighted on "first", "last", linear, position, time_decay, markov, shapley into name model value weight)
    )
    window w as (partition by deal_id, model)
),

floors as (
    select
        deal_id, employee_id, model,
        1000000 * weight // total as floor_units,
        1000000 * weight % total as remainder
    from totals
    where weight > 0
)

select
    deal_id, employee_id, model,
    cast((floor_units + case
        when row_number() over (partition by deal_id, model order by remainder desc, employee_id)
            <= 1000000 - sum(floor_units) over (partition by deal_id, model) then 1
        else 0
    end) as decimal(18, 0)) * 0.000001 as share
from floors
union all
select t.deal_id, t.employee_id, m.model, 1.000000
from touches as t
cross join (values ('first'), ('last'), ('linear'), ('position'), ('time_decay'), ('markov'), ('shapley')) as m(model)
where t.touch_count = 1;

------------------------------------------------------------------------------- closers, transfers, joint work, activities

create temp table closers as
with splits as (
    select s.deal_id, w.employee_id, sum(s.share) as share, min(s.share) < 0 as is_negative
    from latest('deal_splits', 'n.deal_id = v.deal_id and n.employee_id = v.employee_id and n.pool = v.pool') as s
    join who as w on s.employee_id = w.identifier
    group by all
),

judged as (
    select *, sum(share) over (partition by deal_id) <> 1 or bool_or(is_negative) over (partition by deal_id) as is_bad from splits
)

select
    d.deal_id,
    coalesce(s.employee_id, d.owner_employee_id) as employee_id,
    coalesce(s.share, 1)::decimal(18, 12) as share,
    count(*) over (partition by d.deal_id) as people,
    b.deal_id is not null as is_bad_split
from hand.deal_sources as d
left join (from judged where not is_bad and share > 0) as s using (deal_id)
left join (select distinct deal_id from judged where is_bad) as b using (deal_id)
where d.is_creditable;

-- a deal pairs with the latest transfer before it, of the last 90 days
create temp table transfer_pairs as
with transfers as (
    from changes where from_employee_id is not null and from_employee_id <> to_employee_id
),

paired as (
    select h.change_id, d.deal_id, d.signed_at, d.signed_date
    from hand.deal_sources as d
    join transfers as h on d.customer_key = h.customer_key and h.changed_at <= d.signed_at and h.changed_date >= d.signed_date - 90
    where d.is_creditable
    qualify row_number() over (partition by d.deal_id order by h.changed_at desc, h.change_id desc) = 1
)

select h.*, p.deal_id, p.signed_at, p.signed_date
from transfers as h
left join paired as p using (change_id);

-- whose activities with which customer matter when: one pass over the activities answers for all
create temp table watched as
select customer_key, from_employee_id as employee_id, change_id as id, 'given' as what, timestamp '1900-01-01' as from_at, changed_at as to_at
from (select distinct on (change_id) * from transfer_pairs)
union all
select customer_key, to_employee_id, change_id || coalesce(deal_id, ''), 'received', changed_at + interval 1 microsecond,
    coalesce(signed_at, timestamp '9999-12-31')
from transfer_pairs
union all
select customer_key, employee_id, deal_id, 'originator', created_at, signed_at from touches where touch_no = 1
union all
select t.customer_key, c.employee_id, t.deal_id, 'closer', t.created_at, t.signed_at
from touches as t
join closers as c using (deal_id)
where t.touch_no = 1;

create temp table activities as
select
    coalesce(k.customer_key, a.customer_id) as customer_key,
    w.employee_id,
    business_date(a.started_at) as started_date,
    month_no(business_date(a.started_at)) as m,
    a.started_at,
    a.kind in ('call', 'visit', 'meeting', 'demo') as is_substantive,
    coalesce(a.minutes, 0) as minutes,
    a.deal_id
from latest('activities', 'n.activity_id = v.activity_id') as a
left join merged_nodes as k on a.customer_id = k.node
left join who as w on a.employee_id = w.identifier;

create temp table seen as
select
    w.id, w.what, w.employee_id,
    count(*) as activities,
    count_if(a.is_substantive) as substantive,
    sum(a.minutes) as minutes,
    min(a.started_date) as first_date
from activities as a
join watched as w
    on a.customer_key = w.customer_key and a.employee_id = w.employee_id
    and a.started_at >= w.from_at and a.started_at <= w.to_at
group by all;

create table hand.transfers as
select
    t.change_id, t.deal_id, t.customer_key, t.from_employee_id, t.to_employee_id, t.changed_at, t.signed_at,
    t.changed_date - g.first_date as pre_days,
    coalesce(g.activities, 0) as pre_activities,
    coalesce(g.minutes, 0) as pre_minutes,
    coalesce(r.activities, 0) as post_activities,
    coalesce(r.minutes, 0) as post_minutes,
    t.signed_date - t.changed_date as days_to_sign,
    coalesce(t.changed_date - g.first_date > 30, false) as is_near_certain,
    coalesce(t.signed_date - t.changed_date <= 30
        and not (coalesce(r.activities, 0) >= 2 or coalesce(r.minutes, 0) >= 30), false) as is_abnormal,
    t.has_reason,
    case when t.deal_id is not null then 0.2 end as counted_share
from transfer_pairs as t
left join seen as g on g.what = 'given' and t.change_id = g.id
left join seen as r on r.what = 'received' and t.change_id || coalesce(t.deal_id, '') = r.id;

create temp table collaborators as
with people as (
    select id as deal_id, employee_id, what from seen where what in ('originator', 'closer') and substantive >= 1
),

joint as (
    select deal_id from people group by all having count(distinct what) = 2 and count(distinct employee_id) > 1
)

select distinct deal_id, employee_id, 'joint' as award from people semi join joint using (deal_id)
union all
select d.deal_id, o.employee_id, 'referral'
from hand.deal_sources as d
join ownership as o on d.referrer_customer_key = o.customer_key and d.signed_at >= o.valid_from and d.signed_at < o.valid_to
where d.source = 'referral' and d.is_creditable;

--------------------------------------------------------------------------------------------------------------- credits

-- who takes part in a deal's pools, with the plan, component and rate of the role on the day of signing
create temp table shares as
with all_shares as (
    select deal_id, 'closing' as pool, employee_id, cast(share * 1000000000000::hugeint as hugeint) as weight, 1000000000000::hugeint as total, people, '' as award
    from closers
    union all
    select deal_id, 'origination', employee_id, 1, 1, 1, '' from touches where touch_no = 1
    union all
    select deal_id, 'collaboration', employee_id, 1, count(*) over (partition by deal_id), count(*) over (partition by deal_id), award
    from collaborators
)

select
    s.*,
    d.amount,
    d.signed_date,
    d.m,
    d.source,
    d.units,
    r.plan,
    r.team_id,
    s.pool = 'closing' and d.paid_as_source = 'self_sourced' and r.plan = 'M' as has_table,
    case
        when s.pool = 'origination' and r.plan = 'M' then 0.04
        when s.pool = 'collaboration' and r.plan = 'M' then 0.005
        when s.pool = 'closing' and d.paid_as_source = 'self_sourced' then case when r.plan = 'A' then 0.05 end
        when s.pool = 'closing' and r.plan is not null then 0.02
    end::decimal(6, 4) as rate,
    coalesce(r.termination_date < d.signed_date, false) as is_terminated,
    b.deal_id is not null as is_bad_split,
    case when t.to_employee_id = s.employee_id and s.pool = 'closing' then 0.2 else 1 end::decimal(2, 1) as counted_share
from all_shares as s
join hand.deal_sources as d using (deal_id)
left join roles as r on s.employee_id = r.employee_id and d.signed_date >= r.valid_from and d.signed_date < r.role_to
left join (select distinct deal_id from closers where is_bad_split) as b using (deal_id)
left join (from hand.transfers where deal_id is not null) as t using (deal_id);

-- the signing, and what each refund takes back of what is left
create temp table pieces as
select deal_id, '' as transaction_id, signed_date as business_date, 0::decimal(18, 2) as before, amount as after
from hand.deal_sources
where is_creditable
union all
select deal_id, transaction_id, business_date, greatest(left_after + amount, 0)::decimal(18, 2), greatest(left_after, 0)::decimal(18, 2)
from (
    select
        t.deal_id, t.transaction_id, t.amount,
        greatest(t.occurred_date, d.signed_date) as business_date,
        d.amount - sum(t.amount) over (
            partition by t.deal_id order by greatest(t.occurred_date, d.signed_date), t.transaction_id
            rows between unbounded preceding and current row
        ) as left_after
    from transactions as t
    join hand.deal_sources as d using (deal_id)
    where d.is_creditable
)
where left_after + amount > 0;

create temp table earners as
select
    s.* exclude (amount),
    s.amount as deal_amount,
    p.transaction_id,
    p.business_date,
    month_no(p.business_date) as piece_m,
    p.before,
    p.after,
    cast(round(p.before * coalesce(s.rate, 0), 2) as decimal(18, 2)) as pool_before,
    cast(round(p.after * coalesce(s.rate, 0), 2) as decimal(18, 2)) as pool_after
from pieces as p
join shares as s using (deal_id);

-- largest remainder in fen for the pools of several people: each distinct amount of a pool once
create temp table parts as
with wanted as (
    select distinct deal_id, pool, unnest([before, after, pool_before, pool_after, 10000.00]) as amount
    from earners
    where people > 1
),

floors as (
    select
        w.deal_id, w.pool, w.amount, s.employee_id,
        cast(w.amount * 100 as hugeint) as fen,
        fen * s.weight // s.total as floor_fen,
        fen * s.weight % s.total as remainder
    from wanted as w
    join shares as s using (deal_id, pool)
    where w.amount > 0
)

select
    deal_id, pool, amount, employee_id,
    cast((floor_fen + case
        when row_number() over (partition by deal_id, pool, amount order by remainder desc, employee_id)
            <= fen - sum(floor_fen) over (partition by deal_id, pool, amount) then 1
        else 0
    end) as decimal(18, 0)) * 0.01 as part
from floors;

create temp table credited as
select
    *,
    cast(after - before as decimal(18, 2)) as credited_amount,
    cast(pool_after - pool_before as decimal(18, 2)) as flat_earning,
    1::decimal(18, 6) as published_share
from earners
where people = 1
union all
select
    e.*,
    cast(coalesce(ca.part, 0) - coalesce(cb.part, 0) as decimal(18, 2)),
    cast(coalesce(pa.part, 0) - coalesce(pb.part, 0) as decimal(18, 2)),
    cast(sh.part * 0.0001 as decimal(18, 6))
from (from earners where people > 1) as e
left join parts as ca on (e.deal_id, e.pool, e.employee_id, e.after) = (ca.deal_id, ca.pool, ca.employee_id, ca.amount)
left join parts as cb on (e.deal_id, e.pool, e.employee_id, e.before) = (cb.deal_id, cb.pool, cb.employee_id, cb.amount)
left join parts as pa on (e.deal_id, e.pool, e.employee_id, e.pool_after) = (pa.deal_id, pa.pool, pa.employee_id, pa.amount)
left join parts as pb on (e.deal_id, e.pool, e.employee_id, e.pool_before) = (pb.deal_id, pb.pool, pb.employee_id, pb.amount)
left join parts as sh on (e.deal_id, e.pool, e.employee_id, 10000.00) = (sh.deal_id, sh.pool, sh.employee_id, sh.amount);

-- the rate table on the month's total: 3 % to 20,000, 4 % to 60,000, 5 % above; each event gets what it adds
create or replace temp macro table_earning(t) as cast(round(
    case when t <= 20000 then t * 0.03 when t <= 60000 then 600 + (t - 20000) * 0.04 else 2200 + (t - 60000) * 0.05 end, 2
) as decimal(18, 2));

create temp table table_earnings as
with running as (
    select
        deal_id, transaction_id, pool, employee_id, credited_amount,
        cast(sum(credited_amount) over (
            partition by employee_id, m
            order by business_date, transaction_id <> '', case when transaction_id = '' then deal_id else transaction_id end, deal_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as total
    from credited
    where has_table
)

select deal_id, transaction_id, pool, employee_id, table_earning(total) - table_earning(total - credited_amount) as earning
from running;

create table hand.credits as
select
    md5(c.deal_id || '|' || c.transaction_id || '|' || c.pool || '|' || c.employee_id) as credit_id,
    c.deal_id,
    c.transaction_id,
    c.pool,
    c.employee_id,
    c.piece_m as m,
    c.m as origin_m,
    c.business_date,
    c.published_share as share,
    c.credited_amount,
    c.rate,
    case when not c.has_table then c.pool_after - c.pool_before end as pool_amount,
    coalesce(t.earning, c.flat_earning)::decimal(18, 2) as earning_amount,
    c.plan,
    case when c.has_table then 'closing_self_sourced' when c.rate is not null then c.pool end as component_id,
    c.source as deal_source,
    c.counted_share,
    c.is_terminated,
    c.is_bad_split,
    c.before,
    c.after,
    c.deal_amount
from credited as c
left join table_earnings as t on (c.deal_id, c.transaction_id, c.pool, c.employee_id) = (t.deal_id, t.transaction_id, t.pool, t.employee_id);

drop table parts;
drop table earners;
drop table credited;

-------------------------------------------------------------------------------------------------- points, process bonus

create table hand.points as
select l.lead_id, l.owner_employee_id as employee_id, month_no(business_date(l.became_valid_at)) as m, 10 as points, 10.00 as amount
from hand.lead_validity as l
join roles as r
    on l.owner_employee_id = r.employee_id
    and business_date(l.became_valid_at) >= r.valid_from
    and business_date(l.became_valid_at) < r.role_to
where l.is_valid and l.is_origination and (r.department = 'marketing' or l.owner_employee_id = 'UNRESOLVED');

create temp table visited_leads as
select l.lead_id, l.owner_employee_id as employee_id, month_no(l.visited_date) as m, l.visited_date,
    coalesce(d.m <= month_no(l.visited_date), false) as has_signed
from (from hand.lead_validity where is_valid and visited_date is not null) as l
asof left join (select customer_key, signed_at, m from hand.deal_sources where is_creditable) as d
    on l.customer_key = d.customer_key and l.created_at <= d.signed_at;

create table hand.process_bonus as
with figures as (
    select
        e.employee_id, e.m,
        coalesce(v.visits, 0) as valid_visits,
        coalesce(v.signed, 0) as signed_customers
    from (select distinct employee_id, m from role_months where department = 'marketing') as e
    left join (select employee_id, m, count(*) as visits, count_if(has_signed) as signed from visited_leads group by all) as v
        using (employee_id, m)
),

-- somebody who came to marketing from elsewhere has visits of before: those count in the last three months too
windowed as (
    select
        f.*,
        f.valid_visits >= 3 and 20 * f.signed_customers >= f.valid_visits as is_reached,
        sum(t.visits) >= 9 and 20 * sum(t.signed) >= sum(t.visits) as is_releasing
    from figures as f
    left join (select employee_id, m, count(*) as visits, count_if(has_signed) as signed from visited_leads group by all) as t
        on f.employee_id = t.employee_id and t.m between f.m - 2 and f.m
    group by all
)

select
    *,
    case when not is_reached then min(case when is_releasing then m end) over (
        partition by employee_id order by m rows between 1 following and unbounded following
    ) end as release_m
from windowed;

-------------------------------------------------------------------------------------------------------------- measures

create temp table maintained as
select distinct a.customer_key, a.employee_id, a.m
from (select *, date '2025-01-01' + to_months(cast(m as integer)) - interval 8 hours as month_end from activities where m <= 24) as a
join (
    select o.*, c.recorded_at
    from ownership as o
    join (select customer_key, min(created_at) as recorded_at from customers group by all) as c using (customer_key)
) as o
    on a.customer_key = o.customer_key
    and a.employee_id = o.employee_id
    and a.month_end > o.valid_from
    and a.month_end <= o.valid_to
    and a.month_end > o.recorded_at;

create temp table assisted as
select p.deal_id, p.employee_id, d.m, p.counted_share, r.team_id
from (
    select deal_id, employee_id, min(counted_share) as counted_share
    from (
        select s.deal_id, s.employee_id, case when t.to_employee_id = s.employee_id then 0.2 else 1 end::decimal(2, 1) as counted_share
        from shares as s
        left join (from hand.transfers where deal_id is not null) as t using (deal_id)
        where s.pool in ('closing', 'collaboration')
        union all
        select a.deal_id, a.employee_id, case when t.to_employee_id = a.employee_id then 0.2 else 1 end
        from activities as a
        join hand.deal_sources as d on a.deal_id = d.deal_id and a.started_at <= d.signed_at
        left join (from hand.transfers where deal_id is not null) as t on a.deal_id = t.deal_id
        where a.deal_id is not null and d.is_creditable
    )
    group by all
) as p
join hand.deal_sources as d using (deal_id)
left join roles as r on p.employee_id = r.employee_id and d.signed_date >= r.valid_from and d.signed_date < r.role_to;

-- (six places throughout: DuckDB would cut decimal(38, 3) to the two places of decimal(38, 2) in a union)
create table hand.measures as
with money as (
    select
        c.employee_id, r.team_id, c.m,
        sum(c.credited_amount)::decimal(28, 6) as sales,
        sum(c.credited_amount * c.counted_share)::decimal(28, 6) as counted,
        sum(case when c.deal_source <> 'repurchase' then c.credited_amount else 0 end)::decimal(28, 6) as team_new_amount,
        sum(case when c.deal_source <> 'repurchase' then c.credited_amount * c.counted_share else 0 end)::decimal(28, 6) as new_amount,
        sum(case when c.deal_source = 'repurchase' then c.credited_amount else 0 end)::decimal(28, 6) as team_repurchase,
        sum(case when c.deal_source = 'repurchase' then c.credited_amount * c.counted_share else 0 end)::decimal(28, 6) as repurchase
    from hand.credits as c
    left join roles as r on c.employee_id = r.employee_id and c.business_date >= r.valid_from and c.business_date < r.role_to
    where c.pool = 'closing'
    group by all
),

signings as (
    select
        employee_id, team_id, m,
        sum(case when source <> 'repurchase' then share else 0 end)::decimal(28, 6) as team_new_customers,
        sum(case when source <> 'repurchase' then share * counted_share else 0 end)::decimal(28, 6) as new_customers,
        sum(units * share)::decimal(28, 6) as team_units,
        sum(units * share * counted_share)::decimal(28, 6) as units
    from (
        select *, cast(weight as decimal(18, 0)) * 0.000000000001 as share from shares where pool = 'closing'
    )
    group by all
),

leads as (
    select l.employee_id, r.team_id, month_no(l.measure_date) as m, count_if(l.is_new) as valid_leads, count_if(not l.is_new) as valid_visits
    from (
        select owner_employee_id as employee_id, business_date(became_valid_at) as measure_date, true as is_new
        from hand.lead_validity where is_valid
        union all
        select employee_id, visited_date, false from visited_leads
    ) as l
    left join roles as r on l.employee_id = r.employee_id and l.measure_date >= r.valid_from and l.measure_date < r.role_to
    group by all
),

kept as (
    select a.employee_id, r.team_id, a.m, count(*) as maintained
    from maintained as a
    join months as p using (m)
    left join roles as r on a.employee_id = r.employee_id and p.next_on - 1 >= r.valid_from and p.next_on - 1 < r.role_to
    group by all
),

facts as (
    select employee_id as who, m, sales, counted, new_amount, repurchase, 0 as new_customers, 0 as units, 0 as assisted, 0 as maintained, 0 as valid_leads, 0 as valid_visits from money
    union all
    select 'team:' || team_id, m, sales, sales, team_new_amount, team_repurchase, 0, 0, 0, 0, 0, 0 from money where team_id is not null
    union all
    select employee_id, m, 0, 0, 0, 0, new_customers, units, 0, 0, 0, 0 from signings
    union all
    select 'team:' || team_id, m, 0, 0, 0, 0, team_new_customers, team_units, 0, 0, 0, 0 from signings where team_id is not null
    union all
    select employee_id, m, 0, 0, 0, 0, 0, 0, 0, 0, valid_leads, valid_visits from leads
    union all
    select 'team:' || team_id, m, 0, 0, 0, 0, 0, 0, 0, 0, valid_leads, valid_visits from leads where team_id is not null
    union all
    select employee_id, m, 0, 0, 0, 0, 0, 0, 0, maintained, 0, 0 from kept
    union all
    select 'team:' || team_id, m, 0, 0, 0, 0, 0, 0, 0, maintained, 0, 0 from kept where team_id is not null
    union all
    select employee_id, m, 0, 0, 0, 0, 0, 0, sum(counted_share), 0, 0, 0 from assisted group by all
    union all
    select 'team:' || team_id, m, 0, 0, 0, 0, 0, 0, count(distinct deal_id), 0, 0, 0 from assisted where team_id is not null group by all
    union all
    select distinct employee_id, m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from role_months
    union all
    select distinct 'team:' || team_id, m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from role_months where team_id is not null
)

select
    who, m,
    sum(sales)::decimal(28, 6) as sales_amount,
    round(sum(counted), 6)::decimal(28, 6) as counted_sales_amount,
    round(sum(new_amount), 6)::decimal(28, 6) as new_customer_amount,
    round(sum(repurchase), 6)::decimal(28, 6) as repurchase_amount,
    round(sum(new_customers), 6)::decimal(28, 6) as new_customers,
    round(sum(units), 6)::decimal(28, 6) as units,
    sum(assisted)::decimal(28, 6) as deals_assisted,
    sum(maintained)::decimal(28, 6) as customers_maintained,
    sum(valid_leads)::decimal(28, 6) as valid_leads,
    sum(valid_visits)::decimal(28, 6) as valid_visits
from facts
where m <= 24
group by all;

-------------------------------------------------------------------------------------------------------- commission lines

create temp table judged as
select
    c.*,
    t.change_id is not null as is_transfer_held,
    c.plan = 'M' and c.pool = 'origination' and p.is_reached is false as is_process_missed,
    p.release_m,
    nullif(concat_ws(
        ';',
        case when c.is_bad_split then 'bad_split' end,
        case when c.employee_id = 'UNRESOLVED' then 'unresolved' end,
        case when is_transfer_held then 'transfer' end,
        case when is_process_missed and (p.release_m is null or c.m < p.release_m) then 'process' end,
        case when c.is_terminated then 'terminated' end,
        case when c.plan is null then 'no_plan' end
    ), '') as reasons
from hand.credits as c
left join (select *, 'closing' as pool from hand.transfers where deal_id is not null and (is_abnormal or not has_reason)) as t
    on c.pool = t.pool and c.deal_id = t.deal_id
left join (select *, 'origination' as pool from hand.process_bonus) as p
    on c.pool = p.pool and c.employee_id = p.employee_id and c.origin_m = p.m
where (c.component_id is not null or (c.plan is null and c.pool <> 'collaboration')) and c.m <= 24;

create temp table commission as
select
    md5(concat_ws('|', pool, plan, component_id, deal_id, transaction_id, '', employee_id, origin_m)) as line_id,
    pool as component, component_id, plan, deal_id, transaction_id, employee_id, m, origin_m,
    credited_amount as basis_amount, rate,
    case when plan is null then 0 else earning_amount end::decimal(18, 2) as amount,
    case when reasons is null then 'earned' else 'held' end as status,
    reasons as reason,
    case when reasons = 'process' then release_m end as settled_m
from judged
where not (reasons is not null and component_id = 'closing_self_sourced' and transaction_id <> '');

-- A refund of a held deal under the rate table: its own part is held with it, what it moves the other deals of the
-- interval to is earned.
create temp table held_refunds as
select
    r.*,
    cast(round_div(cast(s.earning_amount * r.after * 10000 as hugeint), cast(r.deal_amount * 100 as hugeint))
        - round_div(cast(s.earning_amount * r.before * 10000 as hugeint), cast(r.deal_amount * 100 as hugeint))
    as decimal(18, 0)) * 0.01 as own_amount
from (from judged where reasons is not null and component_id = 'closing_self_sourced' and transaction_id <> '') as r
join (from judged where transaction_id = '' and component_id = 'closing_self_sourced') as s using (deal_id, employee_id);

insert into commission
select
    md5(concat_ws('|', pool, plan, component_id, deal_id, transaction_id, '', employee_id, origin_m)),
    pool, component_id, plan, deal_id, transaction_id, employee_id, m, origin_m, credited_amount, rate, own_amount, 'held', reasons, null
from held_refunds
union all
select
    md5(concat_ws('|', pool, plan, component_id, deal_id, transaction_id, 'interval', employee_id, origin_m)),
    pool, component_id, plan, deal_id, transaction_id, employee_id, m, origin_m, 0, rate, earning_amount - own_amount,
    case when employee_id = 'UNRESOLVED' then 'held' else 'earned' end, case when employee_id = 'UNRESOLVED' then 'unresolved' end, null
from held_refunds
where earning_amount <> own_amount;

insert into commission
select
    md5(line_id || '|settled'), component, component_id, plan, deal_id, transaction_id, employee_id, settled_m, origin_m,
    basis_amount, rate, amount, 'released', reason, null
from commission
where settled_m is not null;

---------------------------------------------------------------------------------------------------------------- growth

create table hand.growth as
with history as (
    select
        v.who, v.m, v.value,
        count(h.m) as found,
        sum(h.value) as baseline_sum
    from (
        select who, m, case when starts_with(who, 'team:') then sales_amount else counted_sales_amount end as value from hand.measures
    ) as v
    left join (
        select w.who, w.m, case when starts_with(w.who, 'team:') then v.sales_amount else v.counted_sales_amount end as value
        from (
            select employee_id as who, m from whole_months
            union all
            select distinct 'team:' || team_id, m from role_months where team_id is not null
        ) as w
        join hand.measures as v using (who, m)
    ) as h on v.who = h.who and h.m between v.m - 3 and v.m - 1
    group by all
)

select
    who, m, value,
    case when found = 3 then baseline_sum end as baseline_sum,
    case when found = 3 and baseline_sum > 0 then cast(round_div(
        cast((3 * value - baseline_sum) * 1000000 as hugeint) * 1000000, cast(baseline_sum * 1000000 as hugeint)
    ) as decimal(28, 0)) * 0.000001 end as growth,
    case
        when found < 3 or baseline_sum <= 0 then 0
        when 10 * 3 * value >= 13 * baseline_sum then 3
        when 10 * 3 * value >= 12 * baseline_sum then 2
        when 10 * 3 * value >= 11 * baseline_sum then 1
        else 0
    end as step
from history;

create temp table growth_lines as
with sellers as (
    select employee_id, m, arg_max(team_id, in_role_from) as team_id, bool_or(department = 'sales') as is_seller
    from role_months
    group by all
),

earned as (
    select employee_id, m, sum(amount) as amount
    from commission
    where status in ('earned', 'released') and plan = 'M'
    group by all
)

select
    c.component, s.employee_id, s.m, e.amount as basis_amount,
    case
        when c.component = 'team_growth' then 0.05
        when g.step = 3 then 0.20
        when g.step = 2 then 0.15
        else 0.10
    end::decimal(4, 2) as rate,
    cast(round(e.amount::decimal(18, 2) * rate, 2) as decimal(18, 2)) as amount,
    case when g.growth is null then 'no_baseline' end as note
from sellers as s
join earned as e using (employee_id, m)
cross join (values ('growth_bonus'), ('team_growth')) as c(component)
join hand.growth as g
    on s.m = g.m and g.who = case when c.component = 'team_growth' then 'team:' || s.team_id else s.employee_id end
where s.is_seller and e.amount <> 0 and (c.component = 'growth_bonus' or g.step >= 1);

----------------------------------------------------------------------------------------------------------------- tasks

create table hand.tasks as
with members as (
    select employee_id, m, sum(days * coalesce(bonus_base, 0)) as base_days, any_value(month_days) as month_days
    from role_months
    where plan = 'A'
    group by all
),

history as (
    select
        a.employee_id, a.m, a.base_days, a.month_days,
        count(v.m) as months_found,
        coalesce(sum(v.new_customer_amount), 0) as new_amount,
        coalesce(sum(v.repurchase_amount), 0) as repurchase,
        max(v.new_customers, 3) as best_customers,
        max(v.new_customer_amount, 3) as best_new,
        max(v.repurchase_amount, 3) as best_repurchase
    from members as a
    left join (
        select w.employee_id, w.m, v.new_customers, v.new_customer_amount, v.repurchase_amount
        from whole_months as w join hand.measures as v on w.employee_id = v.who and w.m = v.m
    ) as v on a.employee_id = v.employee_id and v.m between a.m - 12 and a.m - 1
    group by all
),

profiled as (
    select *,
        case
            when months_found < 3 then 'unprofiled'
            when new_amount + repurchase > 0 and 2 * new_amount >= new_amount + repurchase then 'developer'
            else 'maintainer'
        end as profile
    from history
),

items as (
    select
        p.employee_id, p.m, p.profile, p.base_days, p.month_days, i.measure, i.weight,
        i.target::decimal(18, 6) as wanted_target,
        case when p.profile <> 'unprofiled' then case i.measure
            when 'new_customers' then p.best_customers when 'new_customer_amount' then p.best_new else p.best_repurchase
        end end as best,
        case i.measure
            when 'new_customers' then v.new_customers when 'new_customer_amount' then v.new_customer_amount else v.repurchase_amount
        end as actual,
        -- the mean of the best months at six places, in units of 0.000001
        round_div(cast(list_sum(best) * 1000000 as hugeint), len(best)) as capability_units
    from profiled as p
    join (values
        ('maintainer', 'repurchase_amount', 30, 80000), ('maintainer', 'new_customers', 10, 5),
        ('developer', 'new_customer_amount', 20, 50000), ('developer', 'repurchase_amount', 25, 80000),
        ('unprofiled', 'new_customers', 15, 5), ('unprofiled', 'repurchase_amount', 25, 80000)
    ) as i(profile, measure, weight, target) using (profile)
    left join hand.measures as v on p.employee_id = v.who and p.m = v.m
),

cut as (
    select
        *,
        case
            when capability_units is null or measure = 'repurchase_amount' then wanted_target
            when measure = 'new_customers' then least(wanted_target, (7 * capability_units // 10000000)::decimal(18, 6))
            else least(wanted_target, cast(round_div(7 * capability_units, 100000) as decimal(18, 0)) * 0.01)
        end::decimal(18, 6) as target
    from items
),

attained as (
    select
        *,
        case when target > 0 then round_div(
            greatest(cast(coalesce(actual, 0) * 1000000 as hugeint), 0) * 1000000, cast(target * 1000000 as hugeint)
        ) end as attainment_units
    from cut
),

scored as (
    select
        employee_id, m,
        round_div(
            cast(sum(weight * least(attainment_units, 1200000)) filter (attainment_units is not null) as hugeint),
            cast(sum(weight) filter (attainment_units is not null) as hugeint)
        ) as score_units
    from attained
    group by all
)

select a.* exclude (best), s.score_units
from attained as a
join scored as s using (employee_id, m);

-- score in units of 0.0001 times fen-days over days, once rounded
create temp table task_lines as
select distinct
    employee_id, m,
    cast(round_div(cast(base_days * 100 as hugeint), month_days) as decimal(18, 0)) * 0.01 as basis_amount,
    cast(round_div(score_units * cast(base_days * 100 as hugeint), 1000000 * month_days) as decimal(18, 0)) * 0.01 as amount
from hand.tasks
where score_units is not null;

------------------------------------------------------------------------------------------------- monthly lines, payouts

create temp table contribution as
select s.employee_id, s.m, a.follow_ups, a.minutes
from (select distinct employee_id, m from role_months where department = 'sales') as s
join (select employee_id, m, count(*) as follow_ups, sum(minutes) as minutes from activities group by all) as a using (employee_id, m)
where 30000 * least(a.follow_ups, 40) + 2000 * least(a.minutes, 600) >= 1920000;

create table hand.payout_lines as
with monthly as (
    select 'points' as component, employee_id, m, sum(points) as basis_amount, 1.0 as rate, sum(amount) as amount, null::varchar as note, 'M' as plan
    from hand.points group by all
    union all
    select 'process_bonus', employee_id, m, valid_visits, null, 1000, null, 'M' from hand.process_bonus where is_reached
    union all
    select 'task', employee_id, m, basis_amount, null, amount, null, 'A' from task_lines
    union all
    select component, employee_id, m, basis_amount, rate, amount, note, 'M' from growth_lines
    union all
    select 'contribution', employee_id, m,
        cast(round_div(cast(30000 * least(follow_ups, 40) + 2000 * least(minutes, 600) as bigint), 240) as decimal(18, 0)) * 0.01,
        null, 500, null, 'M'
    from contribution
),

lines as (
    select line_id, component, component_id, plan, deal_id, transaction_id, employee_id, m, origin_m, basis_amount, rate, amount, status, reason
    from commission
    union all
    select
        md5(concat_ws('|', l.component, l.plan, l.component, l.employee_id, l.m)),
        l.component, l.component, l.plan, null, null, l.employee_id, l.m, l.m, l.basis_amount, l.rate, l.amount,
        case when s.termination_date < p.starts_on or l.employee_id = 'UNRESOLVED' then 'held' else 'earned' end,
        case when l.employee_id = 'UNRESOLVED' then 'unresolved' when s.termination_date < p.starts_on then 'terminated' else l.note end
    from monthly as l
    join months as p using (m)
    left join staff as s using (employee_id)
)

select
    l.line_id, p.period, l.employee_id, l.component, l.component_id, l.plan, l.deal_id, l.transaction_id,
    l.basis_amount::decimal(18, 2) as basis_amount, l.rate::decimal(18, 12) as rate, l.amount::decimal(18, 2) as amount,
    'CNY' as currency, l.status, l.reason, o.period as origin_period, l.m
from lines as l
join months as p on l.m = p.m
join months as o on l.origin_m = o.m;

create table hand.payouts as
with own as (
    select
        employee_id, m,
        sum(amount)::decimal(18, 2) as gross,
        sum(case when status = 'held' then amount else 0 end)::decimal(18, 2) as held
    from hand.payout_lines
    group by all
),

walked as (
    select
        e.employee_id, p.m, p.period, o.m is not null as has_lines,
        coalesce(o.gross, 0) as gross,
        coalesce(o.held, 0) as held,
        sum(coalesce(o.gross - o.held, 0)) over w as running
    from (select employee_id, min(m) as first_m from own group by all) as e
    join months as p on p.m >= e.first_m
    left join own as o on e.employee_id = o.employee_id and p.m = o.m
    window w as (partition by e.employee_id order by p.m rows between unbounded preceding and current row)
),

balanced as (
    select *, running - greatest(max(running) over (
        partition by employee_id order by m rows between unbounded preceding and current row
    ), 0) as carried_out
    from walked
)

select employee_id, period, gross, held, carried_out
from balanced
qualify has_lines or lag(carried_out, 1, 0) over (partition by employee_id order by m) <> 0;

------------------------------------------------------------------------------------------------------------ provenance

-- looked up when asked for, as the pipeline's is; temporary, because it reads temporary tables
create temp view provenance as
with lead_links as (
    select l.line_id, t.lead_id
    from hand.payout_lines as l
    join touches as t on l.deal_id = t.deal_id and l.employee_id = t.employee_id
    where l.component = 'origination'
    union all
    select l.line_id, x.lead_id
    from hand.payout_lines as l
    join hand.points as x using (employee_id, m)
    where l.component = 'points'
    union all
    select l.line_id, x.lead_id
    from hand.payout_lines as l
    join visited_leads as x using (employee_id, m)
    where l.component = 'process_bonus'
)

select l.line_id, 'deals' as source_table, l.deal_id as record_id, r._load_id as load_id, r._content_hash as content_hash
from hand.payout_lines as l join latest('deals', 'n.deal_id = v.deal_id') as r using (deal_id)
union all
select l.line_id, 'transactions', l.transaction_id, r._load_id, r._content_hash
from hand.payout_lines as l join latest('transactions', 'n.transaction_id = v.transaction_id') as r using (transaction_id)
union all
select x.line_id, 'leads', x.lead_id, r._load_id, r._content_hash
from lead_links as x join latest('leads', 'n.lead_id = v.lead_id') as r using (lead_id)
union all
select l.line_id, 'employees', l.employee_id, r._load_id, r._content_hash
from hand.payout_lines as l join staff as r using (employee_id);
