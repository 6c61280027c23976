"""One child, one case (一人一案): plan, persuasion, return, closing with a second pair of eyes, reopening."""
