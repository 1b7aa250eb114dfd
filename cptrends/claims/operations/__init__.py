"""What a claim can be checked by: every operation is one function, declared where it is defined.

To add one, write a function of a calculation and its figures, in the module of its kind, with `@operation` above it;
see `declared.operation`. The register, the CSV form and the example briefing follow.
"""

from cptrends.claims.operations import (
    associations,
    authorities,
    comparisons,
    deprivation,
    grades,
    one_area,
    recovery,
    texts,
)
from cptrends.claims.operations.declared import declared_in

#: Every operation by its name, in the order in which people are told of them.
OPERATIONS = {
    found.name: found
    for found in declared_in(one_area, authorities, comparisons, grades, deprivation, associations, recovery, texts)
}

#: Every key that a calculation may have, with what it holds.
KEYS = {key: kind for found in OPERATIONS.values() for key, kind in found.keys.items()}
