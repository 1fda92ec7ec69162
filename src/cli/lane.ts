// A bundle of its own, as small as can be: the threads that score films start with it.
import { runLane } from './ports/lane-thread.js';

runLane();
