"""What is a part of the policy?  A frozen model whose fields are all known: a typo is an error."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Days = Annotated[int, Field(ge=0, le=365)]
Hours = Annotated[int, Field(ge=0, le=720)]
Permille = Annotated[int, Field(ge=0, le=1000)]


class Knobs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
