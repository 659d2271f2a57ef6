import { behavesAsBackend } from './behaves-as-backend.js'
import { localWorld } from './local-world.js'

behavesAsBackend('local', localWorld)
