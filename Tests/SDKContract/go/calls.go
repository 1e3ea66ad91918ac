package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"contract"
)

func getThing(client *contract.Client, id string) (*contract.Thing, error) {
	return client.GetThing(background, &contract.GetThingInput{ID: id})
}

// thingError reports how getting a thing fails.
func thingError(id string) scenario {
	return func(r *recorder) any { return describe(failed(getThing(r.gateway(), id))) }
}

// broken reports how reading a broken answer fails.
func broken(kind string) scenario {
	return func(r *recorder) any {
		return describe(failed(r.gateway().ReadBroken(background, &contract.ReadBrokenInput{Kind: kind})))
	}
}

var errorScenarios = map[string]scenario{
	"errors.declared":       thingError("missing"),
	"errors.declared-other": thingError("conflict"),
	"errors.default":        thingError("teapot"),
	"errors.garbled":        thingError("garbled"),
	"errors.undeclared": func(r *recorder) any {
		input := &contract.GetUndeclaredInput{ID: "teapot"}
		return describe(failed(r.gateway().GetUndeclared(background, input)))
	},
	"errors.raw": func(r *recorder) any {
		err := failed(r.gateway().GetUndeclared(background, &contract.GetUndeclaredInput{ID: "missing"}))
		var response *contract.ResponseError
		if !errors.As(err, &response) {
			panic(err)
		}
		return object{
			"type": response.Header.Get("Content-Type"), "wire": string(response.Body),
			"requestId": response.RequestID != "",
		}
	},
	"errors.gateway-route": func(r *recorder) any {
		return describe(failed(getThing(r.client(gatewayURL("nothing")), "x")))
	},
	"errors.gateway-key": func(r *recorder) any {
		return describe(failed(r.gateway(apiKey("wrong")).CallWithAPIKey(background)))
	},
	"errors.gateway-denied": func(r *recorder) any {
		return describe(failed(r.gateway(token("t")).CallWithBearer(background)))
	},
	"errors.gateway-validator": func(r *recorder) any {
		return describe(failed(r.gateway().CreateThing(background, &contract.CreateThingInput{})))
	},
	"errors.decoding-type":     broken("type"),
	"errors.decoding-missing":  broken("missing"),
	"errors.decoding-overflow": broken("overflow"),
	"errors.decoding-text":     broken("text"),
	"errors.redirect": func(r *recorder) any {
		err := failed(0, r.gateway().CallRedirect(background))
		return object{"result": describe(err), "attempts": r.attempts}
	},
}

var callScenarios = map[string]scenario{
	"calls.created": func(r *recorder) any {
		input := &contract.CreateThingInput{Body: contract.NewThing{Name: "n"}}
		return must(r.gateway().CreateThing(background, input)).Name
	},
	"calls.several": func(r *recorder) any {
		client := r.gateway()
		var results []any
		for _, id := range []string{"x", "new", "later"} {
			var response contract.RawResponse
			input := &contract.PutThingInput{ID: id, Body: contract.Thing{ID: "q"}}
			result := object{"id": nil}
			if thing := must(client.PutThing(background, input, contract.WithResponse(&response))); thing != nil {
				result["id"] = thing.ID
			}
			result["status"] = response.StatusCode
			results = append(results, result)
		}
		return results
	},
	"calls.nothing": func(r *recorder) any {
		client := r.gateway()
		var first, second contract.RawResponse
		for _, err := range []error{
			client.DeleteThing(background, &contract.DeleteThingInput{ID: "x"}, contract.WithResponse(&first)),
			client.HeadThing(background, &contract.HeadThingInput{ID: "x"}, contract.WithResponse(&second)),
		} {
			if err != nil {
				panic(err)
			}
		}
		return []int{first.StatusCode, second.StatusCode}
	},
	"calls.raw": func(r *recorder) any {
		var response contract.RawResponse
		input := &contract.GetThingInput{ID: "x"}
		thing := must(r.gateway().GetThing(background, input, contract.WithResponse(&response)))
		return object{
			"status": response.StatusCode, "type": response.Header.Get("CONTENT-TYPE"),
			"requestId": response.RequestID != "", "wire": string(response.Body), "id": thing.ID, "count": thing.Count,
		}
	},
	"calls.header-twice": func(r *recorder) any {
		var response contract.RawResponse
		if err := r.gateway().ReadHeaders(background, contract.WithResponse(&response)); err != nil {
			panic(err)
		}
		multi := ""
		for i, value := range response.Header.Values("X-Multi") {
			if i > 0 {
				multi += ", "
			}
			multi += value
		}
		return object{"multi": multi, "single": response.Header.Get("X-Single")}
	},
	"calls.deprecated": func(r *recorder) any { return must(r.gateway().CallDeprecated(background)).ID },
	"calls.concurrent": func(r *recorder) any {
		client := r.gateway()
		var own atomic.Int32
		var group sync.WaitGroup
		for i := 0; i < 20; i++ {
			id := fmt.Sprintf("t%d", i)
			group.Add(1)
			go func() {
				defer group.Done()
				if thing, err := getThing(client, id); err == nil && thing.ID == id {
					own.Add(1)
				}
			}()
		}
		group.Wait()
		return own.Load()
	},
	"calls.addresses": func(*recorder) any {
		return []string{
			contract.ExecuteAPIURL("abc123", "eu-central-1", "prod"), contract.ExecuteAPIURL("abc123", "cn-north-1", "prod"),
			contract.CustomDomainURL("api.example.com", ""), contract.CustomDomainURL("api.example.com", "v1"),
		}
	},
}
