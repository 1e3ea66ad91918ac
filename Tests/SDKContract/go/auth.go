package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"contract"
)

type change = func(*contract.ClientOptions)

func apiKey(key string) change    { return func(o *contract.ClientOptions) { o.APIKey = key } }
func token(token string) change   { return func(o *contract.ClientOptions) { o.Token = token } }
func region(region string) change { return func(o *contract.ClientOptions) { o.Region = region } }

func key(name, value string) change {
	return func(o *contract.ClientOptions) { o.Keys = map[string]string{name: value} }
}

func basic(username, password string) change {
	return func(o *contract.ClientOptions) {
		o.BasicAuth = &contract.BasicAuth{Username: username, Password: password}
	}
}

func credentials(provider contract.CredentialsProvider) change {
	return func(o *contract.ClientOptions) { o.Credentials = provider }
}

func exampleCredentials(sessionToken string) contract.AWSCredentials {
	return contract.AWSCredentials{
		AccessKeyID:     "AKIDEXAMPLE",
		SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		SessionToken:    sessionToken,
	}
}

var signedOptions = []change{
	credentials(contract.StaticCredentials(exampleCredentials("session/token=="))), region("eu-west-1"),
	apiKey("key-123"),
}

// gatewayKey is the API key that the gateway knows.
const gatewayKey = "contract-key-0123456789"

var signedInput = &contract.CallSignedInput{Name: "x", Body: contract.Thing{ID: "y"}}

// signature is what the echo server says of a signature.
func signature(response contract.RawResponse) string {
	return response.Header.Get("X-Contract-Signature")
}

var authScenarios = map[string]scenario{
	"auth.api-key": func(r *recorder) any {
		return header(must(r.echo(apiKey("key-123")).CallWithAPIKey(background)), "x-api-key")
	},
	"auth.api-key-missing": func(r *recorder) any {
		result := describe(failed(r.echo().CallWithAPIKey(background))).(object)
		result["attempts"] = r.attempts
		return result
	},
	"auth.api-key-unneeded": func(r *recorder) any {
		return header(must(r.echo(apiKey("key-123")).CallQuery(background, nil)), "x-api-key")
	},
	"auth.token": func(r *recorder) any {
		return header(must(r.echo(token("raw-token")).CallWithToken(background)), "authorization")
	},
	"auth.token-callback": func(r *recorder) any {
		count := 0
		provider := func(o *contract.ClientOptions) {
			o.TokenProvider = func(context.Context) (string, error) {
				count++
				return "token-" + strconv.Itoa(count), nil
			}
		}
		echo := must(r.echoWord("flaky", provider).CallWithToken(background))
		return object{"authorization": header(echo, "authorization"), "attempts": r.attempts}
	},
	"auth.token-missing": func(r *recorder) any {
		return describe(failed(r.echo().CallWithToken(background)))
	},
	"auth.token-refused": func(r *recorder) any {
		err := failed(r.gateway().RetryGet(background, &contract.RetryGetInput{Plan: "refused"}))
		return object{"result": describe(err), "attempts": r.attempts}
	},
	"auth.custom-token": func(r *recorder) any {
		echo := must(r.echo(token("raw-token")).CallWithCustomToken(background))
		return object{"x-custom-token": header(echo, "x-custom-token"), "authorization": header(echo, "authorization")}
	},
	"auth.bearer": func(r *recorder) any {
		return header(must(r.echo(token("raw-token")).CallWithBearer(background)), "authorization")
	},
	"auth.basic": func(r *recorder) any {
		return header(must(r.echo(basic("Aladdin", "open:sesame ü")).CallWithBasic(background)), "authorization")
	},
	"auth.basic-missing": func(r *recorder) any {
		return describe(failed(r.echo().CallWithBasic(background)))
	},
	"auth.header-key": func(r *recorder) any {
		return header(must(r.echo(key("X-Partner-Key", "p-1")).CallWithHeaderKey(background)), "x-partner-key")
	},
	"auth.query-key": func(r *recorder) any {
		return must(r.echo(key("partner key", "a b&c")).CallWithQueryKey(background)).Target
	},
	"auth.key-missing": func(r *recorder) any {
		return describe(failed(r.echo().CallWithHeaderKey(background)))
	},
	"auth.signed": func(r *recorder) any {
		input := &contract.CallSignedInput{
			Name: "a b/c", Filter: []string{"z", "a b", ""}, Body: contract.Thing{ID: "ü"},
		}
		var response contract.RawResponse
		echo := must(r.echo(signedOptions...).CallSigned(background, input, contract.WithResponse(&response)))
		return object{
			"signature": signature(response), "target": echo.Target, "token": header(echo, "x-amz-security-token"),
			"key": header(echo, "x-api-key"), "wire": string(echo.Body),
		}
	},
	"auth.signed-hook": func(r *recorder) any {
		hook := func(o *contract.ClientOptions) {
			o.BeforeAttempt = func(attempt *contract.CallAttempt) { attempt.Request.Header.Set("X-Hook", "signed") }
		}
		var response contract.RawResponse
		client := r.echo(append(append([]change{}, signedOptions...), hook)...)
		echo := must(client.CallSigned(background, signedInput, contract.WithResponse(&response)))
		isSigned := strings.Contains(strings.Join(echo.Headers["authorization"], ""), ";x-hook")
		return object{"signature": signature(response), "hook": header(echo, "x-hook"), "signed": isSigned}
	},
	"auth.signed-provider": func(r *recorder) any {
		count := 0
		provider := credentials(func(context.Context) (contract.AWSCredentials, error) {
			count++
			return exampleCredentials(""), nil
		})
		var response contract.RawResponse
		must(r.echoWord("flaky", provider, region("us-east-1"), apiKey("key-123")).CallSigned(
			background, signedInput, contract.WithIdempotencyKey("k"), contract.WithResponse(&response)))
		return object{"signature": signature(response), "calls": count >= 1 && count <= 3}
	},
	"auth.signed-environment": func(r *recorder) any {
		var response contract.RawResponse
		client := r.echo(region("us-east-1"), apiKey("key-123"))
		echo := must(client.CallSigned(background, signedInput, contract.WithResponse(&response)))
		return object{"signature": signature(response), "token": header(echo, "x-amz-security-token")}
	},
	"auth.signed-gateway": func(r *recorder) any {
		input := &contract.CallSignedInput{
			Name: "a b/c", Filter: []string{"z", "a b", ""}, Body: contract.Thing{ID: "ü"},
		}
		return header(must(r.gateway(region("us-east-1"), apiKey(gatewayKey)).CallSigned(background, input)), "x-caller")
	},
	"auth.signed-stranger": func(r *recorder) any {
		stranger := credentials(contract.StaticCredentials(exampleCredentials("")))
		client := r.gateway(stranger, region("us-east-1"), apiKey(gatewayKey))
		return describe(failed(client.CallSigned(background, signedInput)))
	},
	"auth.vectors": func(*recorder) any { return signVectors() },
}

// signVectors signs each request of the file and returns the signatures by name.
func signVectors() any {
	var vectors []struct {
		Name, Method, URL, Body      string
		Headers                      [][2]string
		AccessKeyID, SecretAccessKey string
		SessionToken                 *string
		Region, Service, Time        string
	}
	if err := json.Unmarshal(must(os.ReadFile(os.Getenv("CONTRACT_VECTORS"))), &vectors); err != nil {
		panic(err)
	}
	results := object{}
	for _, vector := range vectors {
		header := http.Header{}
		for _, pair := range vector.Headers {
			header.Add(pair[0], pair[1])
		}
		keys := contract.AWSCredentials{AccessKeyID: vector.AccessKeyID, SecretAccessKey: vector.SecretAccessKey}
		if vector.SessionToken != nil {
			keys.SessionToken = *vector.SessionToken
		}
		signed := must(contract.Sign(contract.SigningRequest{
			Method: vector.Method, URL: vector.URL, Header: header,
			Body: must(base64.StdEncoding.DecodeString(vector.Body)), Credentials: keys, Region: vector.Region,
			Service: vector.Service, Time: must(time.Parse("20060102T150405Z", vector.Time)),
		}))
		results[vector.Name] = signed.Get("Authorization")
	}
	return results
}
