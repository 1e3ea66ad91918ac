package sdk

// DefaultBaseURL is the address that a client calls unless ClientOptions say otherwise.
const DefaultBaseURL = "http://127.0.0.1:8080/dev"

// userAgent is what a client says of itself.
const userAgent = "portico-sdk-go/1 sdk/1.0"
