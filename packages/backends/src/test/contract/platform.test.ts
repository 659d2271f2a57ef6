import { behavesAsBackend } from './behaves-as-backend.js'
import { platformWorld } from './platform-world.js'

behavesAsBackend('platform', platformWorld)
