"""What a program does with the openai SDK; prints what it got. OPENAI_BASE_URL and OPENAI_API_KEY say where and who."""
import json

import openai

client = openai.OpenAI(max_retries=0, timeout=30)
messages = [{"role": "user", "content": "Grüße, 世界"}]


def error(call):
    try:
        call()
    except openai.APIStatusError as e:
        return [type(e).__name__, e.status_code, e.body]
    return "no error"


def cancelled():
    with client.chat.completions.create(model="endless", messages=messages, stream=True) as stream:
        events = iter(stream)
        return [next(events).choices[0].delta.content for _ in range(2)]


print(json.dumps({
    "whole": client.chat.completions.create(model="m", messages=messages).model_dump(),
    "streamed": [event.model_dump() for event in
                 client.chat.completions.create(model="m", messages=messages, stream=True)],
    "models": [model.id for model in client.models.list()],
    "unknown": error(lambda: client.models.retrieve("unknown")),
    "cancelled": cancelled(),
}, sort_keys=True))
