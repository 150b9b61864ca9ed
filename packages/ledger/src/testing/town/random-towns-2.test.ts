import { testTowns } from './many-towns.ts';
import { WANTED } from './wanted.ts';

testTowns(1, 2, WANTED);
