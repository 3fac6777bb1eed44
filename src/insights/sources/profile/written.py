"""The language of profiles: every key a TOML file may hold, with what it means; nothing in it is code."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile.spelling import (
    Aliases,
    Codec,
    Constant,
    Day,
    Flag,
    Grouped,
    Headers,
    Label,
    Pattern,
    Texts,
    Zone,
    aliases,
    refused,
)
from insights.sources.profile.vocabulary import word, words_of

FROM_A_FILE = "file"
"""Said when words are read as a person wrote them: they are compared folded."""


class Part(BaseModel):
    """A part of a profile; what is not in the language is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, node: Any) -> Any:
        if isinstance(node, Mapping) and cls.model_config.get("extra") == "forbid":
            refuse_unknown(node, cls.model_fields)
        return node


def refuse_unknown(node: Mapping[str, Any], known: Any, above: str = "") -> None:
    """Raise where a key is not in the language."""
    for key in node:
        if key not in known:
            raise refused("one_of", f"{above}{key}", key, sorted(known))


class Spec(Part):
    """Where one canonical column comes from."""

    column: Aliases = Field(
        (),
        description="Its header, or a list of aliases of which the first present counts; `*` at the start, or around it, stands for any text",
    )
    columns: Headers = Field((), description="Several cells, joined to one text")
    first: Headers = Field((), description="The first filled of several cells")
    join: str = Field(" ", description="What stands between the cells of `columns`")
    constant: Constant = Field(None, description="The same value in every row: a text, a number, true or false")
    map: dict[str, str] | None = Field(None, description='Words to text; "" is unknown')
    default: str | None = Field(None, description="What anything else becomes, an empty cell too")
    unit: Literal["s", "min", "h", "ms"] | None = Field(
        None, description="Unit of a bare number in a duration column: s, min, h or ms"
    )
    extract: Grouped | None = Field(None, description="Regular expression whose first group is kept")
    prefix: str = Field("", description="Text put before a filled cell")
    unless: Texts = Field((), description="Words that mean unknown here")
    true: Texts = Field((), description="Words of a flag that mean yes")
    false: Texts = Field((), description="Words of a flag that mean no")
    float_id: Flag = Field(False, description="17850.0 is 17850")
    object_id: Flag = Field(False, description="A time out of an id of 24 hex digits, whose first eight are its second")
    required: Flag = Field(False, description="Refuse a file without the header")
    sum: Flag = Field(False, description="Added up over the rows of one `per`")
    occurrence: Headers = Field(
        (), description="Headers whose n-th equal occurrence makes the id, or the number of a line"
    )
    product: Headers = Field((), description="Headers whose numbers are multiplied")
    digest: Headers = Field((), description="Headers whose cells make a number that is the same in every export")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, node: Any) -> Any:
        """Take a header alone for the column, and ask for something to read."""
        if isinstance(node, Mapping):
            refuse_unknown(node, cls.model_fields)
            if not any(name in node for name in READ):
                raise refused("one_of", allowed=READ, found=dict(node))
            return node
        return node if isinstance(node, Spec) else {"column": aliases(node)}

    @field_validator("map")
    @classmethod
    def _fold(cls, words: dict[str, str] | None, info: ValidationInfo) -> dict[str, str] | None:
        return {fold(w): t for w, t in words.items()} if words and info.context == FROM_A_FILE else words

    @property
    def wanted(self) -> Headers:
        """Return every header this column may read, by position."""
        whole = (self.column,) if self.column else ()
        return whole or self.columns or self.first or self.occurrence or self.product or self.digest


READ = ("column", "columns", "first", "occurrence", "product", "digest", "constant")
"""What a value can come from: one of these must be said."""


class History(Part):
    """A list of changes inside a ticket's own row, as JSON; dots lead inside an entry."""

    cell: Aliases = Field(description="The header of the cell that holds the list")
    at: str = Field(
        "", description="When a change was; none where the row is one entry of a history, with its own time"
    )
    field: str = Field("", description="What changed")
    items: str | None = Field(
        None, description="The list of changes inside an entry; an object is a list of `name` and `value`"
    )
    old: str | None = Field(None, description="Value before")
    new: str | None = Field(None, description="Value after")
    old_id: str | None = Field(None, description="Agent before, by id")
    new_id: str | None = Field(None, description="Agent after, by id")
    actor_id: str | None = Field(None, description="Who did it, by id")
    kind: str | None = Field(None, description="What tells a comment from a change")
    comment: str | None = Field(None, description="The word of `kind` that means a comment")
    public: str | None = Field(None, description="Whether the customer could see the comment")
    fields: dict[str, str] = Field(default_factory=dict, description="Names of fields to status, priority, team, agent")

    @field_validator("fields")
    @classmethod
    def _canonical(cls, given: dict[str, str]) -> dict[str, str]:
        return {fold(name): word("event_field", of, name) for name, of in given.items()}


class Table(Part):
    """How a canonical table is filled: beside these keys, one line for each of its columns (docs/tables.md)."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Spec] = Field(init=False)

    when: Spec | None = Field(None, description="A row exists only where this cell has a value")
    per: str | None = Field(
        None,
        description="One row for each value of this column: sums of the `sum` columns, the last value of the others",
    )
    changes: tuple[Literal["status", "priority", "team", "agent_id"], ...] = Field(
        (),
        description="ticket_events only: columns of the main table whose change from one row of a ticket to the next is an event; `seq` orders rows of the same minute",
    )
    history: History | None = Field(
        None, description="ticket_events only: a list of changes in one cell of a ticket's row, as JSON"
    )

    also: tuple[dict[str, Spec], ...] = Field(
        (),
        description="surveys only: further questions in the same row, each with the columns that differ (`kind`, `score`, …); the answers to each are surveys of their own",
    )

    @property
    def columns(self) -> dict[str, Spec]:
        """Return where each column comes from."""
        return dict(self.__pydantic_extra__)

    @model_validator(mode="after")
    def _one_of_its_own(self) -> Self:
        if self.per is not None and self.per not in self.columns:
            raise refused("per", "per", self.per)
        return self


class Match(Part):
    """What the export is recognised by."""

    needs: Headers = Field((), description="Headers that must all be there; an entry may be a list of aliases")
    never: Texts = Field((), description="Headers that must not be there")
    knows: Texts = Field((), description="Further headers of the export, which nothing reads but which prove it")
    record: str | None = Field(None, description="The one key every JSON record is wrapped in")


class Layout(Part):
    """How a file is laid out that has no header, or one of two rows."""

    columns: Texts = Field((), description="Names of its columns")
    pattern: Pattern | None = Field(
        None, description="Regular expression of its first line; without it the profile must be named"
    )
    delimiter: str | None = Field(None, description="What stands between cells; space means runs of blanks")
    header_rows: Literal[1, 2] = Field(1, description="2 where a second row names what the first leaves empty")


class Written(Part):
    """The head of a profile. Hints are used only where the file itself proves nothing."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Table] = Field(init=False)

    name: str = Field(description="Its name, also the `source` of every row it brings")
    main: str = Field(description="The table whose rows are the file's rows")
    label: Label = Field("", description="What people call the export, or `{ en = …, tr = … }`; else the name")
    timezone: Zone | None = Field(None, description="Hint: IANA zone its times are in; left out means the company's")
    date_order: Literal["dmy", "mdy", "ymd"] | None = Field(None, description="Hint: order in dates: dmy, mdy or ymd")
    decimal: Literal[",", "."] | None = Field(None, description="Hint: decimal mark, `,` or `.`")
    encoding: Codec | None = Field(None, description="Hint: encoding, such as iso-8859-2")
    earliest: Day = Field(None, description="Day before which no time of it can lie")
    apostrophe: Flag = Field(False, description="Its cells carry a leading '")
    match: Match = Field(Match(), description="What it is recognised by")
    file: Layout = Field(Layout(), description="How a file without header is laid out")
    words: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="`[words.<vocabulary>]`: words of this CRM to canonical ones, on top of the common ones",
    )
    defaults: dict[str, str] = Field(
        default_factory=dict, description="`<vocabulary> = word`: what an unmapped word becomes"
    )

    @property
    def tables(self) -> dict[str, Table]:
        """Return the tables it fills."""
        return dict(self.__pydantic_extra__)

    @model_validator(mode="before")
    @classmethod
    def _spelt(cls, node: Any) -> Any:
        tables = {t.name: schema.loaded_columns(t) for t in schema.canonical_tables()}
        refuse_unknown(node, {*cls.model_fields, *tables})
        for name in tables.keys() & node.keys():
            if isinstance(node[name], Mapping):
                keys = Table.model_fields if name == "surveys" else Table.model_fields.keys() - {"also"}
                refuse_unknown(node[name], {*keys, *tables[name]}, f"{name}.")
                for question in filter(lambda q: isinstance(q, Mapping), node[name].get("also", ())):
                    refuse_unknown(question, tables[name], f"{name}.also.")
        return node

    @field_validator("words")
    @classmethod
    def _vocabularies(cls, given: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {vocabulary: words_of(vocabulary, words, f"{vocabulary}.") for vocabulary, words in given.items()}

    @field_validator("defaults")
    @classmethod
    def _words(cls, given: dict[str, str]) -> dict[str, str]:
        return {vocabulary: word(vocabulary, of, vocabulary) for vocabulary, of in given.items()}

    @model_validator(mode="after")
    def _has_its_main_table(self) -> Self:
        if self.main not in self.tables:
            raise refused("main", "main", self.main)
        return self
