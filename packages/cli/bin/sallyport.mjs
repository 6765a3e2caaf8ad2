#!/usr/bin/env node
// Node 20 cannot run TypeScript itself: tsx does.
import { register } from 'tsx/esm/api'

register()
await import('../src/main.ts')
