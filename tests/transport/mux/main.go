// The oracle of routes_go_test.ts: Go's own ServeMux. Each line of standard input is a case, each line of standard output
// what became of it.
//go:debug httpmuxgo121=0
package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
)

type test struct {
	Patterns []string // "GET /a/{b}"
	Names    []string // of all captures in all patterns
	Requests []string // "GET /a/b?c"
}

type answer struct {
	Status   int
	Pattern  string
	Values   map[string][]byte
	Location string
	Allow    string
}

type outcome struct {
	Patterns []string // "", "conflict" or "wrong", for each pattern
	Answers  []answer
}

func register(mux *http.ServeMux, pattern string, handler http.Handler) (state string) {
	defer func() {
		if err := recover(); err != nil {
			state = "wrong"
			if strings.Contains(err.(error).Error(), "conflicts with") {
				state = "conflict"
			}
		}
	}()
	mux.Handle(pattern, handler)
	return ""
}

func ask(mux *http.ServeMux, request string, into *answer) {
	text := request + " HTTP/1.1\r\nHost: example.com\r\n\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		into.Status = http.StatusBadRequest
		return
	}
	recorder := httptest.NewRecorder()
	mux.ServeHTTP(recorder, r)
	into.Status = recorder.Code
	into.Location = recorder.Header().Get("Location")
	into.Allow = recorder.Header().Get("Allow")
}

func run(t test) outcome {
	mux := http.NewServeMux()
	var now *answer
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now.Pattern = r.Pattern
		now.Values = map[string][]byte{}
		for _, name := range t.Names {
			now.Values[name] = []byte(r.PathValue(name))
		}
	})
	o := outcome{Patterns: []string{}, Answers: []answer{}}
	for _, pattern := range t.Patterns {
		o.Patterns = append(o.Patterns, register(mux, pattern, handler))
	}
	for _, request := range t.Requests {
		var a answer
		now = &a
		ask(mux, request, &a)
		o.Answers = append(o.Answers, a)
	}
	return o
}

func main() {
	in := json.NewDecoder(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		var t test
		if err := in.Decode(&t); err != nil {
			return
		}
		if err := out.Encode(run(t)); err != nil {
			return
		}
	}
}
