"""MeSH descriptors in XML as NLM writes them, as small as a test needs."""

from __future__ import annotations

from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE DescriptorRecordSet SYSTEM "{schema}">\n'


def term(text, tag="NON", permuted="N", first="N"):
    return (
        f'<Term ConceptPreferredTermYN="{first}" IsPermutedTermYN="{permuted}" LexicalTag="{tag}">'
        f"<TermUI>T1</TermUI><String>{escape(text)}</String><DateCreated><Year>1999</Year></DateCreated></Term>"
    )


def concept(ui, terms, *, preferred=False, registry="0", relations=""):
    first, *others = [t if isinstance(t, tuple) else (t,) for t in terms]
    listed = term(*first, first="Y") + "".join(term(*t) for t in others)
    return (
        f'<Concept PreferredConceptYN="{"Y" if preferred else "N"}"><ConceptUI>{ui}</ConceptUI>'
        f"<ConceptName><String>{escape(first[0])}</String></ConceptName>"
        f"<RegistryNumber>{registry}</RegistryNumber>{relations}<TermList>{listed}</TermList></Concept>"
    )


def heading(
    number, name, *entries, tree="C99.100", narrower=(), related=(), actions=(), registry="0", kind="1"
):
    """One descriptor; an entry term is a text, or a text with its tag and whether it is permuted."""
    own, ui = f"M{number}00", f"D{number}"
    kin = [(f"M{number}0{i}", "NRW", terms) for i, terms in enumerate(narrower, 1)]
    kin += [(f"M{number}5{i}", "REL", terms) for i, terms in enumerate(related, 1)]
    relations = "".join(
        f'<ConceptRelation RelationName="{how}"><Concept1UI>{own}</Concept1UI>'
        f"<Concept2UI>{other}</Concept2UI></ConceptRelation>"
        for other, how, _ in kin
    )
    trees = "".join(f"<TreeNumber>{t}</TreeNumber>" for t in tree.split())
    acts = "".join(
        f"<PharmacologicalAction><DescriptorReferredTo><DescriptorUI>{a}</DescriptorUI><DescriptorName>"
        f"<String>Action</String></DescriptorName></DescriptorReferredTo></PharmacologicalAction>"
        for a in actions
    )
    return (
        f'<DescriptorRecord DescriptorClass="{kind}"><DescriptorUI>{ui}</DescriptorUI>'
        f"<DescriptorName><String>{escape(name)}</String></DescriptorName>"
        "<AllowableQualifiersList><AllowableQualifier><QualifierReferredTo><QualifierUI>Q1</QualifierUI>"
        "<QualifierName><String>poisoning</String></QualifierName></QualifierReferredTo>"
        "</AllowableQualifier></AllowableQualifiersList>"
        f"<PharmacologicalActionList>{acts}</PharmacologicalActionList>"
        f"<TreeNumberList>{trees}</TreeNumberList><ConceptList>"
        + concept(own, [name, *entries], preferred=True, registry=registry, relations=relations)
        + "".join(concept(other, terms) for other, _, terms in kin)
        + "</ConceptList></DescriptorRecord>\n"
    )


def document(*headings, schema="desc2026.dtd"):
    """A whole file of descriptors."""
    return (
        HEAD.format(schema=schema) + "<DescriptorRecordSet>" + "".join(headings) + "</DescriptorRecordSet>\n"
    )


def with_few_records(few=12):
    """Make the starter library a small one, for this process; what puts it back."""
    from consilium.adapters import starter

    whole = starter._raw
    lines = whole().splitlines(keepends=True)[:few]

    def put_back():
        starter._raw = whole
        starter.digest.cache_clear()

    starter._raw = lambda: b"".join(lines)
    starter.digest.cache_clear()
    return put_back
