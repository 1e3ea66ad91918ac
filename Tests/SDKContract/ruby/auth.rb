# frozen_string_literal: true

GATEWAY_KEY = "contract-key-0123456789"

def credentials(session_token: nil)
  Contract::Credentials.new(
    access_key_id: "AKIDEXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    session_token: session_token
  )
end

def signing_options
  { credentials: credentials(session_token: "session/token=="), region: "eu-west-1", api_key: "key-123" }
end

def signature(response)
  response.headers["x-contract-signature"]
end

Scenario.define("auth.api-key") { echo(api_key: "key-123").call_with_api_key.headers["x-api-key"] }
Scenario.define("auth.api-key-missing") do
  error { echo.call_with_api_key }.merge(attempts: attempts)
end
Scenario.define("auth.api-key-unneeded") { echo(api_key: "key-123").call_query.headers["x-api-key"] }
Scenario.define("auth.token") { echo(token: "raw-token").call_with_token.headers["authorization"] }
Scenario.define("auth.token-callback") do
  calls = 0
  answer = echo("/flaky", token: -> { "token-#{calls += 1}" }).call_with_token
  { authorization: answer.headers["authorization"], attempts: attempts }
end
Scenario.define("auth.token-missing") { error { echo.call_with_token } }
Scenario.define("auth.token-refused") { recorded(:attempts) { gateway.retry_get(plan: "refused") } }
Scenario.define("auth.custom-token") do
  headers = echo(token: "raw-token").call_with_custom_token.headers
  { "x-custom-token" => headers["x-custom-token"], "authorization" => headers["authorization"] }
end
Scenario.define("auth.bearer") { echo(token: "raw-token").call_with_bearer.headers["authorization"] }
Scenario.define("auth.basic") do
  echo(username: "Aladdin", password: "open:sesame ü").call_with_basic.headers["authorization"]
end
Scenario.define("auth.basic-missing") { error { echo.call_with_basic } }
Scenario.define("auth.header-key") do
  echo(keys: { "X-Partner-Key" => "p-1" }).call_with_header_key.headers["x-partner-key"]
end
Scenario.define("auth.query-key") { echo(keys: { "partner key" => "a b&c" }).call_with_query_key.target }
Scenario.define("auth.key-missing") { error { echo.call_with_header_key } }

Scenario.define("auth.signed") do
  response = echo(**signing_options).call_signed_with_response(
    name: "a b/c", filter: ["z", "a b", ""], body: thing("ü")
  )
  headers = response.value.headers
  {
    signature: signature(response), target: response.value.target, token: headers["x-amz-security-token"],
    key: headers["x-api-key"], wire: echoed(response.value)
  }
end
Scenario.define("auth.signed-hook") do
  hook = ->(attempt) { attempt.headers["X-Hook"] = "signed" }
  response = echo(before_attempt: hook, **signing_options).call_signed_with_response(name: "x", body: thing("y"))
  headers = response.value.headers
  {
    signature: signature(response), hook: headers["x-hook"],
    signed: headers["authorization"].first.include?(";x-hook")
  }
end
Scenario.define("auth.signed-provider") do
  calls = 0
  provider = lambda do
    calls += 1
    credentials
  end
  client = echo("/flaky", credentials: provider, region: "us-east-1", api_key: "key-123")
  response = client.call_signed_with_response(name: "x", body: thing("y"), options: { idempotency_key: "k" })
  { signature: signature(response), calls: (1..3).cover?(calls) }
end
Scenario.define("auth.signed-environment") do
  client = echo(region: "us-east-1", api_key: "key-123")
  response = client.call_signed_with_response(name: "x", body: thing("y"))
  { signature: signature(response), token: response.value.headers["x-amz-security-token"] }
end
Scenario.define("auth.signed-gateway") do
  client = gateway(region: "us-east-1", api_key: GATEWAY_KEY)
  client.call_signed(name: "a b/c", filter: ["z", "a b", ""], body: thing("ü")).headers["x-caller"]
end
Scenario.define("auth.signed-stranger") do
  client = gateway(credentials: credentials, region: "us-east-1", api_key: GATEWAY_KEY)
  error { client.call_signed(name: "x", body: thing("y")) }
end
Scenario.define("auth.vectors") do
  vectors = JSON.parse(File.read(ENV.fetch("CONTRACT_VECTORS")))
  vectors.to_h do |vector|
    added = Contract::Signer.sign(
      method: vector["method"], url: vector["url"], headers: vector["headers"], body: vector["body"].unpack1("m0"),
      credentials: Contract::Credentials.new(
        access_key_id: vector["accessKeyId"], secret_access_key: vector["secretAccessKey"],
        session_token: vector["sessionToken"]
      ),
      region: vector["region"], service: vector["service"], time: Time.strptime(vector["time"], "%Y%m%dT%H%M%S%z")
    )
    [vector["name"], added["Authorization"]]
  end
end
