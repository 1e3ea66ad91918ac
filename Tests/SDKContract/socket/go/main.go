// Command contractprogram runs those scenarios of ../SCENARIOS.md that are asked for, and prints their results.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

func main() {
	results := map[string]any{}
	for _, name := range strings.Split(os.Getenv("CONTRACT_SCENARIOS"), ",") {
		if run, ok := scenarios[strings.TrimPrefix(name, "socket.")]; ok {
			results[name] = runScenario(name, run)
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
func runScenario(name string, run func(k *kit) any) (result any) {
	k := &kit{name: name, waits: []int64{}}
	defer k.close()
	defer func() {
		if cause := recover(); cause != nil {
			result = map[string]any{"crash": fmt.Sprint(cause)}
		}
	}()
	return run(k)
}

// must returns a value that is there, or ends the scenario.
func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
