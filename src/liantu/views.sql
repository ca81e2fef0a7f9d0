-- Relations that two or more lenses use, in the dialect that DuckDB and Spark share.

-- Every place with each place it lies in, itself included; steps is 0 for itself.
create view within as
with recursive climb as (
  select place_id, place_id as ancestor_id, 0 as steps
  from places
  union all
  select climb.place_id, places.parent_id as ancestor_id, climb.steps + 1 as steps
  from climb
  join places on places.place_id = climb.ancestor_id
  where places.parent_id is not null and climb.steps < 12
)
select place_id, ancestor_id, steps
from climb;

-- The position of every place: its own, else that of the nearest place around it that has one.
create view positions as
select place_id, located_at, longitude, latitude, evidence, source_id
from (
  select
    within.place_id,
    places.place_id as located_at,
    places.longitude,
    places.latitude,
    places.evidence,
    places.source_id,
    row_number() over (partition by within.place_id order by within.steps) as nearness
  from within
  join places on places.place_id = within.ancestor_id
  where places.longitude is not null
    and places.latitude is not null
    and places.evidence <> 'assumed'
) as candidates
where nearness = 1;

-- The country of every place: the nearest one around it.
create view countries as
select place_id, country_id
from (
  select
    within.place_id,
    within.ancestor_id as country_id,
    row_number() over (partition by within.place_id order by within.steps) as nearness
  from within
  join places on places.place_id = within.ancestor_id
  where places.level = 'country'
) as candidates
where nearness = 1;

-- The sites that count, each with its own position, or with neither half of one.
create view known_sites as
select
  site_id, org_id, place_id, evidence, source_id,
  case when latitude is not null then longitude end as longitude,
  case when longitude is not null then latitude end as latitude
from sites
where evidence <> 'assumed';

-- Where an organisation works when a row does not say at which site: its only site, if it has one.
create view only_sites as
select org_id, min(site_id) as site_id
from known_sites
group by org_id
having count(*) = 1;

-- The links of chains that count: an assumed one is listed, never counted.
create view chain_links as
select chain_id, product_id, stage, segment, coalesce(weight, 1.0) as weight, evidence, source_id
from chain_products
where evidence <> 'assumed';

-- Who makes what, where: one row for a product, an organisation and a site. Assumed makers are
-- listed nowhere here, for they are never counted, nor are those of assumed organisations.
-- Evidence is that of the making; position_evidence is synthetic also where a known maker stands
-- at a generated position. Its place is home_id where no synthetic site says otherwise.
-- Capacity is that of the latest year, of a row that names the site before one that does not.
create view makers as
with best as (
  select
    makes.product_id,
    makes.org_id,
    coalesce(makes.site_id, only_sites.site_id) as site_id,
    min(
      case makes.evidence when 'verified' then 1 when 'declared' then 2 else 3 end
    ) as rank,
    max(makes.year) as year,
    max_by(
      makes.capacity,
      coalesce(makes.year, 0) + case when makes.site_id is null then 0.0 else 0.5 end
    ) filter (where makes.capacity is not null) as capacity,
    max_by(
      makes.capacity,
      coalesce(makes.year, 0) + case when makes.site_id is null then 0.0 else 0.5 end
    ) filter (where makes.capacity is not null and makes.evidence <> 'synthetic')
      as capacity_recorded,
    string_agg(makes.source_id, ';') as source_id
  from makes
  left join only_sites on only_sites.org_id = makes.org_id
  where makes.evidence <> 'assumed'
  group by makes.product_id, makes.org_id, coalesce(makes.site_id, only_sites.site_id)
)
select
  best.product_id,
  best.org_id,
  best.site_id,
  coalesce(known_sites.place_id, organisations.place_id) as place_id,
  case
    when known_sites.evidence = 'synthetic' then organisations.place_id
    else coalesce(known_sites.place_id, organisations.place_id)
  end as home_id,
  coalesce(known_sites.longitude, positions.longitude) as longitude,
  coalesce(known_sites.latitude, positions.latitude) as latitude,
  case
    when known_sites.longitude is not null then 'site'
    when positions.longitude is not null then 'place'
  end as located_by,
  positions.located_at,
  case
    when best.rank = 3 or organisations.evidence = 'synthetic' then 'synthetic'
    when best.rank = 1 then 'verified'
    else 'declared'
  end as evidence,
  case
    when best.rank = 3
      or organisations.evidence = 'synthetic'
      or known_sites.evidence = 'synthetic'
      or (known_sites.longitude is null and positions.evidence = 'synthetic')
      then 'synthetic'
    when best.rank = 1 then 'verified'
    else 'declared'
  end as position_evidence,
  best.year,
  best.capacity,
  best.capacity_recorded,
  best.source_id
from best
join organisations on organisations.org_id = best.org_id
left join known_sites on known_sites.site_id = best.site_id
left join positions
  on positions.place_id = coalesce(known_sites.place_id, organisations.place_id)
where organisations.evidence <> 'assumed';

-- How many make a product in a place or inside it, with and without synthetic rows. Their
-- capacity is known where that of each is.
create view makers_within as
select
  place_id,
  product_id,
  count(*) as makers,
  cast(sum(recorded) as bigint) as recorded,
  case when min(known) = 1 then sum(capacity) end as capacity,
  case when min(case when recorded = 1 then known_recorded else 1 end) = 1
    then sum(case when recorded = 1 then capacity_recorded end)
  end as capacity_recorded
from (
  select
    within.ancestor_id as place_id,
    makers.product_id,
    makers.org_id,
    max(
      case when makers.evidence <> 'synthetic' and home.place_id is not null then 1 else 0 end
    ) as recorded,
    max(case when makers.capacity is null then 0 else 1 end) as known,
    max(case when makers.capacity_recorded is null then 0 else 1 end) as known_recorded,
    sum(makers.capacity) as capacity,
    sum(makers.capacity_recorded) as capacity_recorded
  from makers
  join within on within.place_id = makers.place_id
  left join within as home
    on home.place_id = makers.home_id and home.ancestor_id = within.ancestor_id
  group by within.ancestor_id, makers.product_id, makers.org_id
) as each_maker
group by place_id, product_id;

-- Whether a product is imported from abroad (1) or trade says that it is not (0), in the latest
-- year reported by a place or by one around it, with and without synthetic rows. Value tells,
-- else quantity. A partner that is no place on record is abroad.
create view product_imports as
select
  place_id,
  product_id,
  max_by(imported, year) filter (where imported is not null) as imported,
  max_by(recorded, year) filter (where recorded is not null) as recorded,
  min(rank) as rank,
  string_agg(source_id, ';') as source_id
from (
  select
    within.place_id,
    product_codes.product_id,
    trade.year,
    max(cast(coalesce(trade.value, trade.quantity) > 0 as integer)) as imported,
    max(
      case
        when trade.evidence <> 'synthetic' and product_codes.evidence <> 'synthetic'
          then cast(coalesce(trade.value, trade.quantity) > 0 as integer)
      end
    ) as recorded,
    min(case trade.evidence when 'verified' then 1 else 2 end) as rank,
    string_agg(distinct trade.source_id, ';') as source_id
  from trade
  join product_codes
    on product_codes.scheme = trade.scheme and product_codes.code = trade.code
  join within on within.ancestor_id = trade.reporter
  left join countries as home on home.place_id = within.place_id
  left join countries on countries.place_id = trade.partner
  where trade.flow = 'import'
    and trade.evidence <> 'assumed'
    and product_codes.evidence <> 'assumed'
    and (countries.country_id is null or countries.country_id <> home.country_id)
  group by within.place_id, product_codes.product_id, trade.year
) as yearly
group by place_id, product_id;

-- What was observed of a product in a place, for one column each, with and without synthetic
-- rows: the latest year, in it the better evidence, then the later source. A target is no
-- observation, and part of a year is not the year.
create view product_figures as
select
  place_id,
  product_id,
  max(case when measure = 'location_quotient' and turn = 1 then value end) as quotient,
  max(case when measure = 'location_quotient' and recorded_turn = 1 then value end)
    as quotient_recorded,
  max(case when measure = 'need' and turn = 1 then value end) as need,
  max(case when measure = 'need' and recorded_turn = 1 then value end) as need_recorded
from (
  select
    figures.*,
    row_number() over (
      partition by place_id, product_id, measure
      order by year desc, rank, published desc, source_id, scope, value
    ) as turn,
    case when rank < 3 then row_number() over (
      partition by place_id, product_id, measure, rank = 3
      order by year desc, rank, published desc, source_id, scope, value
    ) end as recorded_turn
  from (
    select
      observations.subject_id as place_id,
      observations.activity as product_id,
      observations.measure,
      observations.year,
      observations.scope,
      observations.source_id,
      observations.value,
      case observations.evidence when 'verified' then 1 when 'declared' then 2 else 3 end as rank,
      coalesce(sources.published, '') as published
    from observations
    left join sources on sources.source_id = observations.source_id
    where observations.subject_kind = 'place'
      and observations.measure in ('location_quotient', 'need')
      and observations.evidence <> 'assumed'
      and coalesce(observations.comparability, 'same') not in ('target', 'partial_period')
  ) as figures
) as ordered
group by place_id, product_id;

-- Where distances start: a site's own position (rank 1), else that of its place; or a place's.
create view starting_points as
select
  site_id as origin_id, 'sites' as origin_table, 1 as rank, place_id,
  'sites' as held_in, site_id as held_by, longitude, latitude, evidence, source_id
from known_sites
where longitude is not null
union all
select
  sites.site_id as origin_id, 'sites' as origin_table, 2 as rank, sites.place_id,
  'places' as held_in, positions.located_at as held_by,
  positions.longitude, positions.latitude, positions.evidence, positions.source_id
from sites
join positions on positions.place_id = sites.place_id
union all
select
  place_id as origin_id, 'places' as origin_table, 3 as rank, place_id,
  'places' as held_in, located_at as held_by, longitude, latitude, evidence, source_id
from positions;

-- Places around an origin that are too wide to stand for a position near it: its city and beyond.
create view wide_places as
select starting_points.origin_id, within.ancestor_id as place_id
from starting_points
join within on within.place_id = starting_points.place_id
join places on places.place_id = within.ancestor_id
where coalesce(places.level, 'city') not in ('district', 'park');

-- How many organisations of a place, not of those inside it, have a main activity.
create view organisation_counts as
select
  organisations.place_id,
  activities.scheme,
  activities.code as activity,
  count(*) as organisations,
  max(
    case when organisations.evidence = 'synthetic' or activities.evidence = 'synthetic'
      then 1 else 0 end
  ) as made_up
from organisations
join activities on activities.org_id = organisations.org_id
where activities.main
  and activities.evidence <> 'assumed'
  and organisations.evidence <> 'assumed'
  and organisations.place_id is not null
group by organisations.place_id, activities.scheme, activities.code;

-- Where the organisations of a place, and of those inside it, were read.
create view organisation_sources as
select
  within.ancestor_id as place_id,
  string_agg(distinct cited.source_id, ';' order by cited.source_id) as source_id
from (
  select distinct place_id, source_id
  from organisations
  where evidence <> 'assumed' and source_id is not null
) as cited
join within on within.place_id = cited.place_id
group by within.ancestor_id;

-- What was observed of an activity in a place: one figure for each measure, year and unit, of those
-- that may be set beside each other. A figure without a scope of its own comes first, then the
-- better evidence, then the later source. The number of organisations by place (those inside it
-- too) and main activity is the measure organisations, of no year, where no observation of an
-- activity has that measure.
create view activity_figures as
select
  ordered.place_id, places.level, ordered.measure, cast(null as varchar) as scheme,
  ordered.activity, ordered.year, ordered.value, ordered.unit,
  ordered.evidence = 'synthetic' as synthetic, ordered.source_id
from (
  select
    observations.subject_id as place_id,
    observations.measure,
    observations.activity,
    observations.year,
    observations.value,
    observations.unit,
    observations.evidence,
    observations.source_id,
    row_number() over (
      partition by
        observations.subject_id, observations.measure, observations.activity,
        observations.year, observations.unit
      order by
        coalesce(observations.scope, ''),
        case observations.evidence when 'verified' then 1 when 'declared' then 2 else 3 end,
        coalesce(sources.published, '') desc, observations.source_id, observations.value
    ) as turn
  from observations
  left join sources on sources.source_id = observations.source_id
  where observations.subject_kind = 'place'
    and observations.activity is not null
    and observations.evidence <> 'assumed'
    and coalesce(observations.comparability, 'same') = 'same'
) as ordered
join places on places.place_id = ordered.place_id
where ordered.turn = 1
union all
select
  counted.place_id, counted.level, 'organisations' as measure, counted.scheme, counted.activity,
  cast(null as bigint) as year, cast(counted.organisations as double) as value,
  'organisations' as unit, counted.made_up > 0 as synthetic, organisation_sources.source_id
from (
  select
    within.ancestor_id as place_id, places.level, organisation_counts.scheme,
    organisation_counts.activity, sum(organisation_counts.organisations) as organisations,
    max(organisation_counts.made_up) as made_up
  from organisation_counts
  join within on within.place_id = organisation_counts.place_id
  join places on places.place_id = within.ancestor_id
  group by
    within.ancestor_id, places.level, organisation_counts.scheme, organisation_counts.activity
) as counted
left join organisation_sources on organisation_sources.place_id = counted.place_id
where not exists (
  select 1 from observations
  where subject_kind = 'place' and activity is not null and measure = 'organisations'
);

-- Every figure that was observed, told once for each value: its mark (= may be compared, ≠ another
-- scope, ½ part of a period, ⇢ a target), how sure it is (1 verified to 4 assumed), and its turn
-- among sources that differ about the same thing (1 is taken: better evidence, then the later
-- source). Latest is the last year of a figure of the same scope.
create view settled_figures as
select
  told.*,
  row_number() over (
    partition by
      subject_kind, subject_id, measure, activity, year, scope, unit, mark, is_assumed
    order by sureness, published desc, source_id, value, comparability
  ) as turn,
  count(*) over (
    partition by
      subject_kind, subject_id, measure, activity, year, scope, unit, mark, is_assumed
  ) as versions,
  max(year) over (
    partition by subject_kind, subject_id, measure, activity, scope, unit, mark, is_assumed
  ) as latest
from (
  select
    observations.subject_kind, observations.subject_id, observations.measure,
    observations.activity, observations.year, observations.scope, observations.unit,
    observations.value, coalesce(observations.comparability, 'same') as comparability,
    case coalesce(observations.comparability, 'same')
      when 'same' then '=' when 'near' then '=' when 'partial_period' then '½'
      when 'target' then '⇢' else '≠'
    end as mark,
    observations.evidence = 'assumed' as is_assumed,
    min(
      case observations.evidence
        when 'verified' then 1 when 'declared' then 2 when 'synthetic' then 3 else 4
      end
    ) as sureness,
    max(observations.scope_note) as scope_note,
    max(coalesce(sources.published, '')) as published,
    string_agg(distinct observations.source_id, ';' order by observations.source_id) as source_id
  from observations
  left join sources on sources.source_id = observations.source_id
  group by
    observations.subject_kind, observations.subject_id, observations.measure,
    observations.activity, observations.year, observations.scope, observations.unit,
    observations.value, coalesce(observations.comparability, 'same'),
    observations.evidence = 'assumed'
) as told;

-- What the activities of a place add up to, and the same ones of the country around it: those of
-- which both have a figure that may be compared, of one measure, scope, unit and year. Chains and
-- products are no activities, for they overlap.
create view activity_sums as
select
  here.subject_id as place_id, here.measure, here.scope, here.unit, here.year,
  array_agg(here.activity) as activities,
  sum(here.value order by here.activity) as of_place,
  sum(home.value order by here.activity) as of_country,
  max(greatest(here.sureness, home.sureness)) as sureness,
  string_agg(concat_ws(';', here.source_id, home.source_id), ';') as source_id
from settled_figures as here
join countries on countries.place_id = here.subject_id
join settled_figures as home
  on home.subject_id = countries.country_id and home.subject_id <> here.subject_id
    and home.measure = here.measure and home.activity = here.activity
    and (home.scope, home.unit, home.year) is not distinct from
      (here.scope, here.unit, here.year)
where here.subject_kind = 'place' and here.turn = 1 and here.mark = '=' and not here.is_assumed
  and home.subject_kind = 'place' and home.turn = 1 and home.mark = '=' and not home.is_assumed
  and coalesce(here.unit, '') <> 'share'
  and here.activity not in (select chain_id from chains)
  and here.activity not in (select product_id from products)
group by here.subject_id, here.measure, here.scope, here.unit, here.year
having count(*) > 1 and min(least(here.value, home.value)) >= 0;

-- What was observed of a place as a whole: one figure for each measure, scope, unit and year: the
-- better evidence, then the later source. A target is no observation, nor is part of a year.
create view place_figures as
select place_id, measure, scope, unit, year, value, evidence, source_id
from (
  select
    observations.subject_id as place_id, observations.measure, observations.scope,
    observations.unit, observations.year, observations.value, observations.evidence,
    observations.source_id,
    row_number() over (
      partition by observations.subject_id, observations.measure, observations.scope,
        observations.unit, observations.year
      order by
        case observations.evidence when 'verified' then 1 when 'declared' then 2 else 3 end,
        coalesce(sources.published, '') desc, observations.source_id, observations.value
    ) as turn
  from observations
  left join sources on sources.source_id = observations.source_id
  where observations.subject_kind = 'place'
    and observations.activity is null
    and observations.evidence <> 'assumed'
    and coalesce(observations.comparability, 'same') not in ('target', 'partial_period')
) as ordered
where turn = 1;

-- What was observed of a chain, or of it in its own place, by the name of its measure; output is
-- scale too, and innovation_platforms innovation. Growth is that of scale a year within one scope
-- and unit. A target is no observation. rank is by evidence; distance is 1 for a figure that may be compared with others.
create view chain_figures as
with told as (
  select
    chains.chain_id, figures.measure,
    figures.scope, figures.unit, figures.year, figures.value, figures.evidence,
    figures.source_id,
    case figures.evidence when 'verified' then 1 when 'declared' then 2 else 3 end as rank,
    case coalesce(figures.comparability, 'same')
      when 'same' then 1 when 'near' then 2 else 3 end as distance
  from observations as figures
  join chains
    on chains.chain_id
      = case figures.subject_kind when 'chain' then figures.subject_id else figures.activity end
  where figures.evidence <> 'assumed'
    and chains.evidence <> 'assumed'
    and coalesce(figures.comparability, 'same') not in ('target', 'partial_period')
    and (
      (figures.subject_kind = 'chain' and figures.activity is null)
      or (figures.subject_kind = 'place' and figures.subject_id = chains.place_id)
    )
),
named as (
  select chain_id, measure, scope, unit, year, value, evidence, source_id, rank, distance
  from told
  union all
  select
    chain_id, case measure when 'output' then 'scale' else 'innovation' end as measure,
    scope, unit, year, value, evidence, source_id, rank, distance
  from told
  where measure in ('output', 'innovation_platforms')
)
select chain_id, measure, scope, unit, year, value, evidence, source_id, rank, distance
from named
union all
select
  chain_id, 'growth' as measure, scope, 'share' as unit, max(year) as year,
  power(max_by(value, year) / min_by(value, year), 1.0 / (max(year) - min(year))) - 1 as value,
  max_by(evidence, rank) as evidence, string_agg(source_id, ';') as source_id,
  max(rank) as rank, max(distance) as distance
from named
where measure = 'scale' and value > 0
group by chain_id, scope, unit
having max(year) > min(year);

-- What belongs to a chain: its products, kinds of them and parts of them, at any depth.
create view chain_goods as
with recursive goods as (
  select chain_id, product_id
  from chain_links
  union
  select goods.chain_id, below.product_id
  from goods
  join (
    select product_id as whole_id, part_id as product_id
    from parts
    where evidence <> 'assumed'
    union all
    select parent_id as whole_id, product_id
    from products
    where parent_id is not null and evidence <> 'assumed'
  ) as below on below.whole_id = goods.product_id
)
select chain_id, product_id
from goods;

-- Who makes something that belongs to a chain.
create view chain_firms as
select distinct chain_goods.chain_id, makes.org_id
from chain_goods
join makes on makes.product_id = chain_goods.product_id
where makes.evidence <> 'assumed';

-- Who supplies whom with what, as of the latest year of each such link. Assumed links never
-- count, nor do those of assumed organisations; a firm does not supply itself.
create view supply_links as
select
  links.supplier_id, links.buyer_id, links.product_id, links.year, links.value, links.currency,
  links.evidence = 'synthetic'
    or supplier.evidence = 'synthetic'
    or buyer.evidence = 'synthetic' as synthetic,
  links.source_id
from (
  select
    supplies.*,
    row_number() over (
      partition by supplier_id, buyer_id, product_id order by coalesce(year, 0) desc
    ) as turn
  from supplies
  where evidence <> 'assumed'
) as links
join organisations as supplier on supplier.org_id = links.supplier_id
join organisations as buyer on buyer.org_id = links.buyer_id
where links.turn = 1
  and links.supplier_id <> links.buyer_id
  and supplier.evidence <> 'assumed'
  and buyer.evidence <> 'assumed';

-- The sector of an organisation: its main activity, in the classification that tells which
-- inputs are essential where there is one.
create view org_sectors as
select org_id, scheme, code, evidence, source_id
from (
  select
    activities.*,
    row_number() over (
      partition by activities.org_id
      order by case when listed.scheme is null then 1 else 0 end, activities.scheme,
        activities.code
    ) as turn
  from activities
  left join (select distinct scheme from sector_inputs) as listed
    on listed.scheme = activities.scheme
  where activities.main and activities.evidence <> 'assumed'
) as ordered
where turn = 1;

-- What was observed of an organisation: one figure for each measure and activity, of the latest
-- year, in it the better evidence, then the later source.
create view org_figures as
select org_id, measure, activity, year, value, unit, evidence, source_id
from (
  select
    observations.subject_id as org_id, observations.measure, observations.activity,
    observations.year, observations.value, observations.unit, observations.evidence,
    observations.source_id,
    row_number() over (
      partition by observations.subject_id, observations.measure, observations.activity
      order by
        observations.year desc,
        case observations.evidence when 'verified' then 1 when 'declared' then 2 else 3 end,
        coalesce(sources.published, '') desc, observations.source_id, observations.scope,
        observations.value
    ) as turn
  from observations
  left join sources on sources.source_id = observations.source_id
  where observations.subject_kind = 'org'
    and observations.evidence <> 'assumed'
    and coalesce(observations.comparability, 'same') not in ('target', 'partial_period')
) as ordered
where turn = 1;
