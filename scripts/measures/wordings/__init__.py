"""Whether what people type is understood: every wording is asked about many units, against exact sets as gold."""
