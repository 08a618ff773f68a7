// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

// decide shares out what is left: an account without its key gets the one with
// its id, else one with its names; an entry that is left then differs from an
// account with its names that is no entry's, or is new. An entry that was removed
// when the backup was made is in no account's way.
func (c *comparison) decide() {
	c.giveOwn(false)
	for i := range c.open {
		o := &c.open[i]
		f := &c.found[o.at]
		if f.Removed || f.Account.ID != "" || o.names == nil {
			continue
		}
		if at := c.nextKeyless(o.names); at >= 0 {
			c.give(f, at)
		} else if at := c.differing(o); at >= 0 {
			f.Status, f.Account = Differs, c.x.accounts[at]
		}
	}
	c.giveOwn(true)
}

// giveOwn gives accounts without their keys those with their ids.
func (c *comparison) giveOwn(removed bool) {
	for i := range c.open {
		o := &c.open[i]
		if f := &c.found[o.at]; f.Removed == removed && o.own >= 0 && c.keyless[o.own] && !c.claimed[o.own] {
			c.give(f, o.own)
		}
	}
}

// give notes that the account without its key gets the entry's.
func (c *comparison) give(f *Found, at int) {
	f.Account = c.x.accounts[at]
	c.claimed[at] = true
}

// nextKeyless returns the next of the accounts that has no key and gets none, or -1.
func (c *comparison) nextKeyless(n *namesakes) int {
	for ; n.next < len(n.at); n.next++ {
		if at := n.at[n.next]; c.keyless[at] && !c.claimed[at] {
			return at
		}
	}
	return -1
}

// differing returns an account with the entry's names that is no entry's: the one
// with its id before others. It is -1 where there is none.
func (c *comparison) differing(o *open) int {
	if o.own >= 0 && !c.keyless[o.own] && !c.claimed[o.own] {
		return o.own
	}
	n := o.names
	if n.differ == 0 { // the same for all entries: what has a key is nobody's or somebody's by now
		n.differ = -1
		for _, at := range n.at {
			if !c.keyless[at] && !c.claimed[at] {
				n.differ = at + 1
				break
			}
		}
	}
	if n.differ < 0 {
		return -1
	}
	return n.differ - 1
}
