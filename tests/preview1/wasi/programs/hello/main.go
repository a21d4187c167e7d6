// What programs in Go do with preview 1. Built by the test, where Go is: its programs are megabytes.
package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"time"
)

func main() {
	fmt.Println("args:", os.Args[1:])
	fmt.Println("env:", os.Getenv("GREETING"))
	ticks := make(chan bool)
	go func() {
		time.Sleep(2 * time.Millisecond)
		ticks <- true
	}()
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		fmt.Println("stdin:", scanner.Text())
	}
	fmt.Println("ticked:", <-ticks)
	text, err := os.ReadFile("/data/in")
	fmt.Printf("in: %q %v\n", text, err)
	fmt.Println("write:", os.WriteFile("/data/out", []byte("from go"), 0o644))
	fmt.Println("mkdir:", os.MkdirAll("/data/a/b", 0o755))
	fmt.Println("rename:", os.Rename("/data/out", "/data/a/b/moved"))
	err = fs.WalkDir(os.DirFS("/data"), ".", func(path string, entry fs.DirEntry, err error) error {
		fmt.Println("walk:", path, entry.IsDir(), err)
		return err
	})
	fmt.Println("walked:", err)
	_, err = os.ReadFile("/data/../etc/passwd")
	fmt.Println("out:", err != nil)
	fmt.Println("remove:", os.RemoveAll("/data/a"))
	os.Exit(3)
}
