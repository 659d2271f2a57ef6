import { behavesAsBackend } from './behaves-as-backend.js'
import { sessionWorld } from './session-world.js'

behavesAsBackend('session', sessionWorld)
