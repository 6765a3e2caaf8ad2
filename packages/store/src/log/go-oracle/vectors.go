// Says what golang.org/x/mod/sumdb makes of the same trees, and checks published vectors with it.
// Usage: vectors tree SIZE...            one JSON object a size: root, proofs, tiles of "entry n"
//        vectors check FOLDER            the files of specs/vectors/log
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Go's own store of hashes, in memory.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		read[at] = h[index]
	}
	return read, nil
}

func grow(size int64) hashes {
	var stored hashes
	for n := int64(0); n < size; n++ {
		added, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("entry %d", n)), stored)
		check(err)
		stored = append(stored, added...)
	}
	return stored
}

func hexes(list []tlog.Hash) []string {
	texts := []string{}
	for _, hash := range list {
		texts = append(texts, hex.EncodeToString(hash[:]))
	}
	return texts
}

type treeAnswer struct {
	Size        int64               `json:"size"`
	Root        string              `json:"root"`
	Inclusion   map[string][]string `json:"inclusion"`
	Consistency map[string][]string `json:"consistency"`
	// SHA-256 of each tile's bytes by its path in a log.
	Tiles map[string]string `json:"tiles"`
}

func tree(size int64, stored hashes) treeAnswer {
	answer := treeAnswer{size, "", map[string][]string{}, map[string][]string{}, map[string]string{}}
	root, err := tlog.TreeHash(size, stored)
	check(err)
	answer.Root = hex.EncodeToString(root[:])
	for _, index := range []int64{0, size / 3, size / 2, size - 1} {
		proof, err := tlog.ProveRecord(size, index, stored)
		check(err)
		answer.Inclusion[strconv.FormatInt(index, 10)] = hexes(proof)
	}
	for _, from := range []int64{1, size/3 + 1, size - size/4, size} {
		proof, err := tlog.ProveTree(size, from, stored)
		check(err)
		answer.Consistency[strconv.FormatInt(from, 10)] = hexes(proof)
	}
	tiles := tlog.NewTiles(8, 0, size)
	for at, tile := range tiles {
		// Go names every width on the way; a log has the widest.
		if at+1 < len(tiles) && tiles[at+1].L == tile.L && tiles[at+1].N == tile.N {
			continue
		}
		data, err := tlog.ReadTileData(tile, stored)
		check(err)
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		answer.Tiles[path] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return answer
}

func hash(text string) tlog.Hash {
	raw, err := hex.DecodeString(text)
	check(err)
	return *(*tlog.Hash)(raw)
}

func list(texts []string) []tlog.Hash {
	var read []tlog.Hash
	for _, text := range texts {
		read = append(read, hash(text))
	}
	return read
}

func checkMerkle(folder string) int {
	var vectors struct {
		Roots []struct {
			Size int64
			Root string
		}
		Inclusion []struct {
			Index, Size int64
			Path        []string
		}
		Consistency []struct {
			From, Size int64
			Proof      []string
		}
	}
	load(folder, "merkle.json", &vectors)
	stored := grow(1000)
	at := func(size int64) tlog.Hash {
		root, err := tlog.TreeHash(size, stored)
		check(err)
		return root
	}
	checked := 0
	for _, one := range vectors.Roots {
		// Go 1.19's tlog has another root of the empty tree; RFC 6962's is checked elsewhere.
		if one.Size > 0 && at(one.Size) != hash(one.Root) {
			check(fmt.Errorf("root of %d differs", one.Size))
		}
		checked++
	}
	for _, one := range vectors.Inclusion {
		leaf := tlog.RecordHash([]byte(fmt.Sprintf("entry %d", one.Index)))
		check(tlog.CheckRecord(list(one.Path), one.Size, at(one.Size), one.Index, leaf))
		checked++
	}
	for _, one := range vectors.Consistency {
		if one.From == 0 {
			continue
		}
		check(tlog.CheckTree(list(one.Proof), one.Size, at(one.Size), one.From, at(one.From)))
		checked++
	}
	return checked
}

// A verifier of cosignature/v1, which the library leaves to its users.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if key[0] != 4 || fmt.Sprintf("%x", id[:4]) != parts[1] {
		check(fmt.Errorf("%s is not the key of a cosigner", vkey))
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(id[:4]), key[1:]}
}

func checkWitness(folder string) int {
	var vectors struct {
		Log, Cosigned, Proof, Root string
		Witnesses                  []struct{ Vkey string }
		Policies                   []struct {
			Name, Checkpoint string
			Met              bool
		}
	}
	load(folder, "witness.json", &vectors)
	log, err := note.NewVerifier(vectors.Log)
	check(err)
	verifiers := []note.Verifier{log}
	for _, one := range vectors.Witnesses {
		verifiers = append(verifiers, newCosigner(one.Vkey))
	}
	signatures := func(text string) int {
		opened, err := note.Open([]byte(text), note.VerifierList(verifiers...))
		check(err)
		return len(opened.Sigs)
	}
	if signatures(vectors.Cosigned) != 3 {
		check(fmt.Errorf("not all three signatures hold"))
	}
	for _, one := range vectors.Policies {
		want := 2
		if one.Met {
			want = 3
		}
		if signatures(one.Checkpoint) != want {
			check(fmt.Errorf("%s: %d signatures wanted", one.Name, want))
		}
	}
	top, checkpoint, _ := strings.Cut(vectors.Proof, "\n\n")
	if checkpoint != vectors.Cosigned {
		check(fmt.Errorf("the proof is not under the cosigned checkpoint"))
	}
	lines := strings.Split(top, "\n")
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		check(err)
		proof = append(proof, *(*tlog.Hash)(raw))
	}
	check(tlog.CheckRecord(proof, 300, hash(vectors.Root), 130, tlog.RecordHash(entry)))
	if !bytes.Equal(entry, []byte("entry 130")) {
		check(fmt.Errorf("another entry"))
	}
	return 2 + len(vectors.Policies)
}

func checkReceipts(folder string) int {
	var vectors struct {
		Vkey  string
		Cases []struct {
			Entry, Root, Receipt string
			Index, Size          int64
		}
	}
	load(folder, "receipts.json", &vectors)
	verifier, err := note.NewVerifier(vectors.Vkey)
	check(err)
	for _, one := range vectors.Cases {
		top, checkpoint, _ := strings.Cut(one.Receipt, "\n\n")
		opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
		check(err)
		lines := strings.Split(opened.Text, "\n")
		root, err := tlog.ParseHash(lines[2])
		check(err)
		if lines[1] != strconv.FormatInt(one.Size, 10) || root != hash(one.Root) {
			check(fmt.Errorf("another tree"))
		}
		entry, err := base64.StdEncoding.DecodeString(one.Entry)
		check(err)
		var proof tlog.RecordProof
		for _, line := range strings.Split(top, "\n")[2:] {
			raw, err := base64.StdEncoding.DecodeString(line)
			check(err)
			proof = append(proof, *(*tlog.Hash)(raw))
		}
		check(tlog.CheckRecord(proof, one.Size, root, one.Index, tlog.RecordHash(entry)))
	}
	return len(vectors.Cases)
}

func load(folder, name string, into any) {
	data, err := os.ReadFile(filepath.Join(folder, name))
	check(err)
	check(json.Unmarshal(data, into))
}

func main() {
	switch os.Args[1] {
	case "tree":
		var sizes []int64
		largest := int64(0)
		for _, text := range os.Args[2:] {
			size, err := strconv.ParseInt(text, 10, 64)
			check(err)
			sizes = append(sizes, size)
			if size > largest {
				largest = size
			}
		}
		stored := grow(largest)
		for _, size := range sizes {
			check(json.NewEncoder(os.Stdout).Encode(tree(size, stored)))
		}
	case "check":
		folder := os.Args[2]
		fmt.Printf("%d\n", checkMerkle(folder)+checkReceipts(folder)+checkWitness(folder))
	}
}
