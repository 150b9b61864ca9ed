import { testTowns } from './many-towns.ts';
import { WANTED } from './wanted.ts';

testTowns(0, 2, WANTED);
