// total <file.csv> <column>: the same in Go, whose compiler makes core modules of WASI preview 1.
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: total <file.csv> <column>")
	}
	sum, err := total(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sum)
}

func total(name, column string) (float64, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 || !slices.Contains(rows[0], column) {
		return 0, fmt.Errorf("no such column")
	}
	sum := 0.0
	for _, row := range rows[1:] {
		n, err := strconv.ParseFloat(row[slices.Index(rows[0], column)], 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
