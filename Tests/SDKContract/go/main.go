// Command contracttest runs the scenarios of ../SCENARIOS.md with the generated client, and prints their results.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// scenario gives the result of a scenario.
type scenario func(r *recorder) any

func main() {
	results := map[string]any{}
	for _, group := range []map[string]scenario{
		authScenarios, wireScenarios, retryScenarios, timeScenarios, pagingScenarios, valueScenarios, errorScenarios,
		callScenarios,
	} {
		for name, run := range group {
			results[name] = runScenario(run)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(results); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runScenario reports what a scenario did not foresee as a crash.
func runScenario(run scenario) (result any) {
	defer func() {
		if cause := recover(); cause != nil {
			result = map[string]any{"crash": fmt.Sprint(cause)}
		}
	}()
	return run(&recorder{})
}

// must returns a value that is there, or ends the scenario.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// failed returns the error of a call that must not succeed.
func failed[T any](value T, err error) error {
	if err == nil {
		panic(fmt.Sprintf("expected an error, got %v", value))
	}
	return err
}
