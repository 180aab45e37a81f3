"""The key under which the tests' texts are compared."""

from newsletter.stories.recognition.recognizer import Recognizer

KEY = bytes(range(32))
RECOGNIZER = Recognizer(KEY)
