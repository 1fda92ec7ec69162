"""How the default model pack was made: prepare, pretrain, learn-prompts, export."""
