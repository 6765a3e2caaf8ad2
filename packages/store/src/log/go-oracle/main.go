// Checks a log's folder with golang.org/x/mod/sumdb alone: signature, root, every entry's path.
// Usage: main FOLDER VKEY [RECEIPT-FILE INDEX]...
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int { return height }

// Go's tile paths carry the height, which tlog-tiles fixes and leaves out.
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func openCheckpoint(data []byte, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

func entriesOf(dir string, size int64) [][]byte {
	var entries [][]byte
	for int64(len(entries)) < size {
		tile := tlog.Tile{H: height, L: 0, N: int64(len(entries)) >> height, W: 1 << height}
		if left := size - int64(len(entries)); left < 1<<height {
			tile.W = int(left)
		}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(dir, path))
		check(err)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return entries
}

func checkReceipt(file string, index int64, entry []byte, vkey string) {
	data, err := os.ReadFile(file)
	check(err)
	top, checkpoint, _ := strings.Cut(string(data), "\n\n")
	tree := openCheckpoint([]byte(checkpoint), vkey)
	lines := strings.Split(top, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != fmt.Sprintf("index %d", index) {
		check(fmt.Errorf("%s: not the receipt of %d", file, index))
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		check(err)
		proof = append(proof, *(*tlog.Hash)(hash))
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err)
	tree := openCheckpoint(data, vkey)
	// Authenticates every tile it reads against the root.
	reader := tlog.TileHashReader(tree, folder(dir))
	root, err := tlog.TreeHash(tree.N, reader)
	check(err)
	if root != tree.Hash {
		check(fmt.Errorf("root differs"))
	}
	entries := entriesOf(dir, tree.N)
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		check(err)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)))
	}
	for at := 3; at+1 < len(os.Args); at += 2 {
		index, err := strconv.ParseInt(os.Args[at+1], 10, 64)
		check(err)
		checkReceipt(os.Args[at], index, entries[index], vkey)
	}
	fmt.Printf("%d entries\n", len(entries))
}
