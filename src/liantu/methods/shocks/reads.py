"""What a shock reads: where firms work, and what buyers take from import sources."""

SHOCK_READS = {
    "bases": """
        with wanted as (
          select
            partner, lower(split_part(partner, ':', 1)) as name,
            split_part(partner, ':', 2) as code
          from (select unnest(cast($partners as varchar[])) as partner) as given
        ),
        partner_places as (
          select within.place_id, wanted.partner, wanted.code
          from wanted
          join places
            on wanted.name in (
              lower(places.place_id), lower(places.name), lower(places.name_local)
            )
          join within on within.ancestor_id = places.place_id
        ),
        abroad as (
          select place_id, string_agg(distinct partner, ';') as partner
          from partner_places
          where code = ''
          group by place_id
        ),
        goods as (
          select partner_places.place_id, product_codes.product_id, partner_places.partner
          from partner_places
          join product_codes on product_codes.code = partner_places.code
          where product_codes.evidence <> 'assumed'
        ),
        sold as (
          select
            links.supplier_id as org_id,
            sum(case when goods.partner is not null then links.value end) / sum(links.value)
              as share,
            string_agg(distinct goods.partner, ';') as partner
          from supply_links as links
          join organisations on organisations.org_id = links.supplier_id
          left join (
            select place_id, product_id, string_agg(distinct partner, ';') as partner
            from goods
            group by place_id, product_id
          ) as goods
            on goods.place_id = organisations.place_id and goods.product_id = links.product_id
          group by links.supplier_id
          having sum(links.value) > 0 and count(goods.partner) > 0
        ),
        stopped_places as (
          select place_id, string_agg(ancestor_id, ';') as places
          from within
          where array_contains($places, ancestor_id)
          group by place_id
        ),
        parts as (
          select
            org_id, site_id, product_id,
            capacity / nullif(sum(capacity) over (partition by org_id, product_id), 0) as part,
            min(case when capacity is null or site_id is null then 0 else 1 end)
              over (partition by org_id, product_id) as known
          from makers
        ),
        known_parts as (
          select org_id, site_id, sum(part) as part
          from parts
          where known = 1 and part is not null
          group by org_id, site_id
        ),
        known_firms as (
          select org_id, sum(part) as parts
          from known_parts
          group by org_id
        )
        select
          organisations.org_id, known_sites.site_id,
          coalesce(known_sites.place_id, organisations.place_id) as place_id,
          case
            when known_firms.parts is null
              then 1.0 / count(*) over (partition by organisations.org_id)
            else coalesce(known_parts.part, 0.0) / known_firms.parts
          end as share,
          known_firms.parts is null as is_equal,
          coalesce(
            known_sites.longitude,
            case when centre.level in ('district', 'park') then positions.longitude end
          ) as longitude,
          coalesce(
            known_sites.latitude,
            case when centre.level in ('district', 'park') then positions.latitude end
          ) as latitude,
          array_contains($orgs, organisations.org_id) as by_org,
          coalesce(array_contains($sites, known_sites.site_id), false) as by_site,
          stopped_places.places,
          nullif(concat_ws(';', abroad.partner, sold.partner), '') as partner,
          case when abroad.partner is null then sold.share else 1.0 end as partner_share,
          organisations.evidence = 'synthetic'
            or coalesce(known_sites.evidence = 'synthetic', false) as synthetic,
          concat_ws(';', organisations.source_id, known_sites.source_id) as source_id
        from organisations
        left join known_sites on known_sites.org_id = organisations.org_id
        left join known_firms on known_firms.org_id = organisations.org_id
        left join known_parts
          on known_parts.org_id = organisations.org_id
            and known_parts.site_id = known_sites.site_id
        left join positions
          on positions.place_id = coalesce(known_sites.place_id, organisations.place_id)
        left join places as centre on centre.place_id = positions.located_at
        left join abroad
          on abroad.place_id = coalesce(known_sites.place_id, organisations.place_id)
        left join sold on sold.org_id = organisations.org_id
        left join stopped_places
          on stopped_places.place_id = coalesce(known_sites.place_id, organisations.place_id)
        where organisations.evidence <> 'assumed'
        order by organisations.org_id, known_sites.site_id
    """,
    "imports": """
        with wanted as (
          select
            partner, lower(split_part(partner, ':', 1)) as name,
            split_part(partner, ':', 2) as code
          from (select unnest(cast($partners as varchar[])) as partner) as given
        ),
        bought as (
          select
            links.supplier_id, links.buyer_id, links.product_id, links.value,
            buyer.place_id, links.synthetic, links.source_id,
            max(
              case when seller_country.country_id <> buyer_country.country_id then 1 else 0 end
            ) over (partition by links.buyer_id, links.product_id) as is_imported
          from supply_links as links
          join organisations as seller on seller.org_id = links.supplier_id
          join organisations as buyer on buyer.org_id = links.buyer_id
          left join countries as seller_country on seller_country.place_id = seller.place_id
          left join countries as buyer_country on buyer_country.place_id = buyer.place_id
        ),
        imported as (
          select
            trade.reporter, product_codes.product_id, wanted.partner, trade.value,
            trade.partner as origin, concat(trade.scheme, ' ', trade.code) as code,
            trade.evidence = 'synthetic' or product_codes.evidence = 'synthetic' as synthetic,
            trade.source_id
          from (
            select
              trade.*,
              max(year) over (partition by reporter, scheme, code) as latest
            from trade
            where flow = 'import' and evidence <> 'assumed' and value > 0
          ) as trade
          join product_codes
            on product_codes.scheme = trade.scheme and product_codes.code = trade.code
              and product_codes.evidence <> 'assumed'
          left join places on places.place_id = trade.partner
          left join wanted
            on wanted.name in (
              lower(trade.partner), lower(places.name), lower(places.name_local)
            )
              and wanted.code in ('', trade.code)
          where trade.year = trade.latest
        ),
        shares as (
          select
            reporter, product_id, string_agg(distinct partner, ';') as partner,
            sum(case when partner is not null then value end) / sum(value) as share,
            max(made_up) = 1 as synthetic,
            string_agg(distinct source_id, ';') as source_id
          from (
            select
              reporter, product_id, origin, code, source_id,
              string_agg(distinct partner, ';') as partner, min(value) as value,
              max(case when synthetic then 1 else 0 end) as made_up
            from imported
            group by reporter, product_id, origin, code, source_id
          ) as once
          group by reporter, product_id
          having count(partner) > 0
        ),
        dependences as (
          select
            subject_id as product_id, value,
            evidence = 'synthetic' as synthetic, source_id,
            row_number() over (
              partition by subject_id
              order by year desc, case evidence when 'verified' then 1 else 2 end, source_id
            ) as turn
          from observations
          where subject_kind = 'product' and measure = 'import_share' and activity is null
            and evidence <> 'assumed'
            and coalesce(comparability, 'same') not in ('target', 'partial_period')
        )
        select supplier_id, buyer_id, product_id, value, partner, share, dependence, synthetic,
          source_id
        from (
          select
            bought.supplier_id, bought.buyer_id, bought.product_id, bought.value,
            shares.partner, shares.share,
            case when dependences.value between 0 and 1 then dependences.value end
              as dependence,
            bought.synthetic or shares.synthetic or coalesce(dependences.synthetic, false)
              as synthetic,
            concat_ws(';', bought.source_id, shares.source_id, dependences.source_id)
              as source_id,
            row_number() over (
              partition by bought.supplier_id, bought.buyer_id, bought.product_id
              order by within.steps
            ) as nearness
          from bought
          join within on within.place_id = bought.place_id
          join shares
            on shares.reporter = within.ancestor_id and shares.product_id = bought.product_id
          left join dependences
            on dependences.product_id = bought.product_id and dependences.turn = 1
          where bought.is_imported = 0
        ) as nearest
        where nearness = 1
        order by buyer_id, supplier_id, product_id
    """,
    "origins": """
        select place_id as partner, name, name_local, evidence, source_id
        from places
        where place_id in (select ancestor_id from within join organisations using (place_id))
        union
        select distinct
          trade.partner, places.name, places.name_local, trade.evidence, trade.source_id
        from trade
        left join places on places.place_id = trade.partner
        where trade.flow = 'import' and trade.evidence <> 'assumed'
        order by partner, source_id
    """,
}
