"""What a program sees whose token is not valid."""
import openai

try:
    openai.OpenAI(max_retries=0, timeout=30, api_key="wrong").models.list()
except openai.AuthenticationError as e:
    print(e.status_code, e.response.headers["x-inference-proxy-error"])
