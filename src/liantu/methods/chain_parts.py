"""What goes into what within a chain, as several lenses draw it."""

INPUTS = """
    select parts.product_id, parts.part_id, parts.evidence, parts.source_id
    from parts
    join chain_links as whole
      on whole.product_id = parts.product_id and whole.chain_id = $chain
    join chain_links as part
      on part.product_id = parts.part_id and part.chain_id = $chain
    where parts.evidence <> 'assumed'
    order by parts.product_id, parts.part_id
"""
