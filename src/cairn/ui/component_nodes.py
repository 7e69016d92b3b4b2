"""The `{% component %}` block: a component template with a body and named slots."""

from typing import Any

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe

# Everything else stays outside, so that a component shows only what it was handed.
HANDED_DOWN = ("request", "shell", "csrf_token")


class SlotNode(Node):
    """`{% slot "name" %}…{% endslot %}` directly inside a component."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        raise TemplateSyntaxError(f'slot "{self.name}" must stand directly inside a component')


class ComponentNode(Node):
    """`{% component "name" key=value %}…{% endcomponent %}`."""

    def __init__(
        self,
        name: str,
        values: dict[str, FilterExpression],
        body: NodeList,
        slots: dict[str, NodeList],
    ) -> None:
        self.name = name
        self.values = values
        self.nodelist = body
        self.slots = slots

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = {
            key: expression.resolve(context) for key, expression in self.values.items()
        }
        # Both were escaped where they were written, in the caller's own template.
        values["body"] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        values["slots"] = {
            name: mark_safe(nodes.render(context).strip())  # noqa: S308
            for name, nodes in self.slots.items()
        }
        return render_component(context, self.name, values)


def render_component(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """The template ui/components/<name>.html with `values`, the request and the shell."""
    engine = context.template.engine if context.template else None
    if engine is None:
        raise TemplateSyntaxError("A component needs a template around it.")
    inner = context.new({key: context[key] for key in HANDED_DOWN if key in context} | values)
    return engine.get_template(f"ui/components/{name}.html").render(inner)


def parse_component(parser: Parser, token: Token) -> ComponentNode:
    """Compile the block; the name is a literal, so that a component can always be searched for."""
    _tag, *words = token.split_contents()
    if not words:
        raise TemplateSyntaxError("component needs the name of a component")
    name = _literal(words.pop(0), "component")
    values = token_kwargs(words, parser)
    if words:
        raise TemplateSyntaxError(f"component {name}: give every value as key=value")
    nodes = parser.parse(("endcomponent",))
    parser.delete_first_token()
    slots = {node.name: node.nodelist for node in nodes if isinstance(node, SlotNode)}
    body = NodeList(node for node in nodes if not isinstance(node, SlotNode))
    return ComponentNode(name, values, body, slots)


def parse_slot(parser: Parser, token: Token) -> SlotNode:
    """Compile `{% slot "name" %}`."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError("slot needs one name")
    nodes = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(_literal(words[1], "slot"), nodes)


def _literal(word: str, tag: str) -> str:
    if len(word) < 3 or word[0] not in "\"'" or word[-1] != word[0]:
        raise TemplateSyntaxError(f"{tag}: write the name in quotation marks")
    return word[1:-1]
